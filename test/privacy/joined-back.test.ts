import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  ask,
  dimensions,
  exports,
  metrics,
  type Answer,
  type Condition,
  type Question,
} from "../../src/metrics/index.ts";
import { catalog, type Operation, type OperationContext, type OperationId } from "../../src/operations/index.ts";
import { verifyExport } from "../../src/ledger/index.ts";
import { tools } from "../../src/mcp/tools/index.ts";
import { mcpOver } from "../support/mcp-stdio.ts";
import { adminQuestions } from "../support/tool-questions.ts";
import { found, identifiers, openCompany, pseudonymous, RANGE, read } from "./support.ts";

const MINIMUM = 5;
const PSEUDONYM = /^[pak]-[a-z2-7]{16}$/;

let company: Awaited<ReturnType<typeof openCompany>>;
let analyst: OperationContext;
let auditor: OperationContext;
let names: string[];

beforeAll(async () => {
  company = await openCompany();
  const privacy = pseudonymous(MINIMUM);
  analyst = company.as("analyst", privacy);
  auditor = company.as("auditor", privacy);
  names = identifiers(company.emulator.world);
}, 120_000);
afterAll(() => company.close());

const put = (question: Question, context: OperationContext = analyst): Promise<Answer> =>
  ask(company.operator.store, context.scope, { ...RANGE, ...question }, context.clock.now());

describe("a pseudonymous record", () => {
  it("names everybody to whoever may see people, so that the searches below would find them", async () => {
    const all = JSON.stringify(
      await put({ metric: "tokens", by: ["person"], source: "claude_code" }, company.operator),
    );
    expect(found(names, all).length).toBeGreaterThan(10);
    expect(found(names, await read(company.operator, "exportRows", { rows: "users" })).length).toBeGreaterThan(60);
  });

  it("gives the same pseudonym in every figure and export, and another one in another installation", async () => {
    const people = async (metric: string, context = analyst) =>
      new Set((await put({ metric, by: ["person"], source: "claude_code" }, context)).rows.map((row) => row["person"]));
    const [tokens, cost] = [await people("tokens"), await people("cost")];
    expect(tokens.size).toBeGreaterThan(10);
    expect([...cost].filter((one) => !tokens.has(one))).toEqual([]);
    const elsewhere = await people("tokens", company.as("analyst", pseudonymous(MINIMUM)));
    expect([...elsewhere].filter((one) => String(one).startsWith("p-") && tokens.has(one))).toEqual([]);
  });

  it.each(["analyst", "auditor", "viewer", "admin"] as const)(
    "names nobody in any operation that an %s may read",
    async (role) => {
      const context = company.as(role, analyst.scope.privacy);
      for (const [id, input] of await readable(context)) {
        expect([id, found(names, await read(context, id, input))]).toEqual([id, []]);
      }
    },
  );

  it("names nobody in any metric by any dimension, in its warnings or its refusals", async () => {
    for (const metric of metrics) {
      for (const { id } of dimensions.filter(({ id }) => metric.dimensions.includes(id))) {
        const told = await read(analyst, "report", { metric: metric.id, by: [id], ...RANGE });
        expect([metric.id, id, found(names, told)]).toEqual([metric.id, id, []]);
      }
    }
  });

  it("answers the same of somebody who is there and of somebody who is not", async () => {
    const { email } = company.emulator.world.directory.users[0]!;
    const { id, name } = company.emulator.world.directory.apiKeys[0]!;
    const refusal = async (dimension: string, value: string) =>
      (await read(analyst, "report", { metric: "tokens", where: [{ dimension, value }] })).replaceAll(value, "…");
    for (const [dimension, known, unknown] of [
      ["person", email, "nobody@nowhere.test"],
      ["actor", `user:${email}`, "user:nobody@nowhere.test"],
      ["person", `key: ${name}`, "key: no such key"],
      ["api_key", id, "apikey_01NoSuchKey"],
    ] as const) {
      const told = await refusal(dimension, known);
      expect(told).toContain("access.individuals");
      expect(told).toBe(await refusal(dimension, unknown));
    }
  });

  it("takes a pseudonym where it refuses a name", async () => {
    const { rows } = await put({ metric: "tokens", by: ["person"], source: "claude_code" });
    const { person, value } = rows.find((row) => PSEUDONYM.test(String(row["person"])))!;
    const where = [{ dimension: "person", value: String(person) }];
    expect((await put({ metric: "tokens", where, source: "claude_code" })).total.value).toBe(value);
  });

  it("keeps members, invites and the makers of keys from it", async () => {
    for (const rows of ["users", "invites", "workspace_members", "api_keys"])
      expect(await read(analyst, "exportRows", { rows })).toContain("access.individuals");
    expect(await read(analyst, "listPeople")).toContain("access.forbidden");
  });

  it("lets no attribute that fewer people share stand beside a pseudonym in an export", async () => {
    const attributes = ["customer_type", "subscription_type", "terminal_type", "is_remote", "model", "tool"];
    for (const rows of ["claude_code_activity", "claude_code_models", "claude_code_tools"]) {
      const told = JSON.parse(await read(analyst, "exportRows", { rows })) as { rows: Record<string, string>[] };
      const people = told.rows.filter((row) => PSEUDONYM.test(row["actor"]!));
      expect(people.length).toBeGreaterThan(20);
      const groups = Map.groupBy(people, (row) => JSON.stringify(attributes.map((name) => row[name])));
      for (const [group, own] of groups) {
        const size = new Set(own.map((row) => row["actor"])).size;
        expect([rows, group, size >= MINIMUM]).toEqual([rows, group, true]);
      }
    }
  });

  it("lets no small team stand beside a pseudonym", async () => {
    const { rows } = await put({ metric: "sessions", by: ["person", "team"] });
    const teams = new Set(rows.map((row) => row["team"]));
    expect(teams.has("Platform")).toBe(true);
    expect(teams.has("Legal") || teams.has("Board")).toBe(false);
    for (const team of ["Legal", "Board"]) {
      const where = [{ dimension: "team", value: team }];
      expect(await put({ metric: "sessions", by: ["person"], where })).toMatchObject({
        rows: [],
        total: { value: null, reason: "suppressed_for_privacy" },
      });
    }
  });

  it("tells nothing by the order of its rows", async () => {
    const byDay = (rows: Record<string, string>[]) => Map.groupBy(rows, (row) => row["day"]);
    const exported = JSON.parse(await read(analyst, "exportRows", { rows: "claude_code_activity" }));
    for (const own of byDay(exported.rows).values()) {
      const spelled = own.map((row) => JSON.stringify(Object.values(row)));
      expect(spelled).toEqual(spelled.toSorted((a, b) => (a < b ? -1 : 1)));
    }
    const { rows } = await put({ metric: "sessions", by: ["person"], grain: "day" });
    const labels = rows.filter((row) => row["day"] === RANGE.from).map((row) => String(row["person"]));
    expect(labels).toEqual(labels.toSorted());
  });

  it("counts the same rows of each person as the named record, and none beside", async () => {
    const count = async (context: OperationContext) =>
      (JSON.parse(await read(context, "exportRows", { rows: "claude_code_activity" })) as { rows: unknown[] }).rows
        .length;
    expect(await count(analyst)).toBe(await count(company.operator));
  });

  it("proves records without saying what they are", async () => {
    const proof = JSON.parse(await read(auditor, "proveRecord", { index: 12 })) as { proof: string };
    const extra = /^extra (.+)$/m.exec(proof.proof)?.[1] ?? "";
    expect(Object.keys(JSON.parse(Buffer.from(extra, "base64").toString()) as object)).toEqual(["leaf"]);
    const named = JSON.parse(await read(company.operator, "proveRecord", { index: 12 })) as { proof: string };
    const whole = /^extra (.+)$/m.exec(named.proof)?.[1] ?? "";
    expect(Object.keys(JSON.parse(Buffer.from(whole, "base64").toString()) as object)).toContain("payload");
  });

  it("tells nobody whether a record of somebody is there, by asking for its proof", async () => {
    const { id } = company.emulator.world.directory.organization;
    const { id: user } = company.emulator.world.directory.users[0]!;
    const told = await read(auditor, "proveRecord", { stream: "users", key: [id, user] });
    expect(told).toContain("access.individuals");
    expect(told).toBe(await read(auditor, "proveRecord", { stream: "users", key: [id, "user_nobody"] }));
  });

  it("gives the ledger to be verified without what is recorded", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bursar-privacy-ledger-"));
    try {
      const dir = join(folder, "ledger");
      expect(await read(auditor, "exportLedger", { dir: join(folder, "all"), payloads: true })).toContain(
        "access.individuals",
      );
      expect(await read(auditor, "exportLedger", { dir })).toContain('"payloads":false');
      expect(await verifyExport(dir, {})).toMatchObject({ ok: true, contentChecked: false });
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const text = await readFile(join(entry.parentPath, entry.name), "latin1");
        expect([entry.name, found(names, text)]).toEqual([entry.name, []]);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("obeys the same of an earlier day", async () => {
    const asOf = new Date(company.operator.clock.now()).toISOString().slice(0, 10);
    const before = await put({ metric: "sessions", by: ["person"], asOf });
    expect(before.rows.length).toBeGreaterThan(10);
    expect(found(names, JSON.stringify(before))).toEqual([]);
    const small = await put({ metric: "sessions", where: [{ dimension: "team", value: "Legal" }], asOf });
    expect(small.total).toMatchObject({ value: null, reason: "suppressed_for_privacy" });
  });
});

describe.each(["pseudonymous", "teams"] as const)("an assistant, in the mode %s", (mode) => {
  it.each(["analyst", "auditor", "viewer", "admin"] as const)(
    "of an %s is told of nobody by any tool",
    async (role) => {
      const privacy = mode === "teams" ? ({ mode, minimumGroup: MINIMUM } as const) : analyst.scope.privacy;
      const mcp = await mcpOver(company.as(role, privacy));
      // Keys of services are nobody's, and in the mode teams keep their names.
      const own = [...names.filter((name) => !serviceKeys().includes(name)), ...personKeys()];
      let answered = 0;
      for (const { name } of tools.filter(({ effect }) => effect === "read")) {
        for (const args of ASKED_OF_TOOLS[name] ?? [{}]) {
          const { text, data, isError } = await mcp.call(name, args);
          expect([name, args, found(own, `${text}\n${JSON.stringify(data)}`)]).toEqual([name, args, []]);
          if (!isError) answered += 1;
        }
      }
      await mcp.close();
      expect(answered).toBeGreaterThan(20);
    },
  );
});

function serviceKeys(): string[] {
  const { apiKeys } = company.emulator.world.directory;
  return apiKeys.flatMap(({ id, principal }) => (principal?.type === "service_account_actor" ? [id] : []));
}

/** Claude Code names the keys that it makes after whom it makes them for. */
function personKeys(): string[] {
  const { apiKeys } = company.emulator.world.directory;
  return apiKeys.flatMap(({ name }) => (name.startsWith("claude_code_key_") ? [name] : []));
}

const ADMIN = ["claude_code_get_usage", "claude_code_get_code_analytics", "claude_code_get_normalized_metrics"];

it("names people to an assistant of whoever may see them, so that the search above would find them", async () => {
  const mcp = await mcpOver(company.operator);
  for (const name of ["query_metric", "compare_periods", "explain_change", "find_people", "key_hygiene", ...ADMIN]) {
    const told = [];
    for (const args of ASKED_OF_TOOLS[name] ?? [{}]) told.push(JSON.stringify((await mcp.call(name, args)).data));
    expect([name, found(names, told.join()).length > 0]).toEqual([name, true]);
  }
  await mcp.close();
});

describe("teams that are too small", () => {
  const sessions = async (where: Condition[]) => (await put({ metric: "sessions", where })).total.value;

  it("are hidden, with others behind which they cannot be told", async () => {
    const { rows, total } = await put({ metric: "sessions", by: ["team"] });
    const hidden = rows.filter((row) => row.reason === "suppressed_for_privacy").map((row) => row["team"]);
    expect(hidden).toContain("Legal");
    expect(hidden.length).toBeGreaterThan(2);
    expect(total.value).toEqual(expect.any(Number));
    // Last and by name: the order by size would tell how large they are.
    expect(rows.slice(-hidden.length).map((row) => row["team"])).toEqual(hidden);
  });

  it("cannot be told by asking for all but them", async () => {
    const rest = ["Platform", "Search", "Design", "Board", null].map((value) => ({ dimension: "team", value }));
    expect(await sessions(rest)).toBeNull();
  });

  it("cannot be told by asking for those that hide them", async () => {
    const { rows } = await put({ metric: "sessions", by: ["team"] });
    for (const row of rows) {
      const own = await sessions([{ dimension: "team", value: row["team"] as string | null }]);
      expect([row["team"], own]).toEqual([row["team"], row.value]);
    }
  });

  it("stay hidden day by day and in every unit", async () => {
    for (const metric of ["sessions", "active_users", "tokens", "cost", "adoption_rate"]) {
      const grain = "day";
      const { rows } = await put({ metric, by: ["team"], grain });
      const own = rows.filter((row) => row["team"] === "Legal");
      expect([metric, own.filter(({ value }) => value !== null)]).toEqual([metric, []]);
    }
  });
});

const inRange = (asked: object) => ({ ...asked, ...RANGE });

/**
 * Every reading operation that this role may ask, with inputs that it needs. Whoever keeps the roster sees who owns
 * which key, and no figure of it.
 */
async function readable(context: OperationContext): Promise<[OperationId, Record<string, unknown>][]> {
  const orders: [OperationId, Record<string, unknown>][] = [];
  const needed: Partial<Record<OperationId, Record<string, unknown>[]>> = {
    report: [{ metric: "active_users", by: ["team"] }],
    comparePeriods: ["person", "actor", "api_key", "team"].map((id) => ({ metric: "cost", by: [id], ...RANGE })),
    memberNames: [{ dimension: "api_key" }, { dimension: "workspace" }],
    adminObjects: ["organization", "workspaces", "api_keys", "rate_limits", "spend_limits"].flatMap((kind) => [
      { kind },
      { kind, live: true },
    ]),
    usageReport: [{ groupBy: ["account_id"] }, { groupBy: ["api_key_id"] }, { live: true }].map(inRange),
    costReport: [{ groupBy: ["api_key_id"] }, { live: true }].map(inRange),
    claudeCodeReport: [{ groupBy: ["person"] }, { groupBy: ["team"] }, { live: true }].map(inRange),
    exportRows: exports.map(({ id }) => ({ rows: id })),
    proveRecord: [{ index: 3 }],
    // Not of the record: a folder's, and upstream's.
    verify: [],
    probe: [],
    exportLedger: [],
    // A stream of files: test/api/ledger.test.ts reads it whole.
    ledgerExport: [],
    evidenceBundle: [],
  };
  for (const id of Object.keys(catalog) as OperationId[]) {
    const operation = (await catalog[id]()) as unknown as Operation;
    if (id === "listKeyOwners" && context.caller.permissions.has("roster")) continue;
    if (operation.effect !== "read" || !context.caller.permissions.has(operation.permission)) continue;
    for (const input of needed[id] ?? [{}, RANGE]) {
      if (operation.input.safeParse(input).success) orders.push([id, input]);
    }
  }
  return orders;
}

/** What the tools of the record are asked; the others are asked with nothing. */
const ASKED_OF_TOOLS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  query_metric: [
    ...dimensions.map(({ id }) => ({ metric: "tokens", by: [id], ...RANGE })),
    ...["person", "actor", "team"].map((id) => ({ metric: "cost", by: [id], grain: "day", ...RANGE })),
    { metric: "adoption_rate", by: ["team"], ...RANGE },
    { metric: "sessions", where: ["person=nobody@nowhere.test"], ...RANGE },
    { metric: "sessions", where: ["team=Legl"], ...RANGE },
  ],
  compare_periods: ["person", "api_key", "team"].map((id) => ({
    metric: "cost",
    by: [id],
    period: "2026-10-29..2026-10-31",
  })),
  explain_change: [
    { metric: "cost", period: "2026-10-29..2026-10-31", most: 50 },
    { metric: "tokens", period: "2026-10-29..2026-10-31", most: 50 },
  ],
  find_people: [{ search: "" }],
  person_usage: [{ person: "nobody@nowhere.test" }, { person: "Nobody" }],
  key_hygiene: ["never_used", "no_owner", "created_by_admin", "name_not_unique"].map((flag) => ({
    flag,
    status: "any",
  })),
  prove_record: [{ index: 12 }, { stream: "users" }, { stream: "claude_code", text: "nobody" }],
  ...Object.fromEntries(
    Object.entries(Object.groupBy(adminQuestions(RANGE), ([tool]) => tool)).map(([tool, asked = []]) => [
      tool,
      asked.map(([, args]) => args),
    ]),
  ),
};
