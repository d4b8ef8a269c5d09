import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createWorld, type World } from "../../src/emulator/index.ts";
import { parseVkey, verifyTlogProof } from "../../src/ledger/index.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { logState, readLeaves } from "../../src/store/index.ts";
import { MCP_WORLD, startMcp, type TestMcp, type TestMcpClient } from "../support/mcp.ts";
import { mcpOver } from "../support/mcp-stdio.ts";
import { added, exact, type Loose } from "../support/surfaces.ts";

const OCTOBER = { from: "2026-10-01", to: "2026-10-31" };
const FORGOTTEN = "apikey_01ForgottenForgottenForgot";

let world: World;
let mcp: TestMcp;
let assistant: TestMcpClient;

/** A day of October on which everything was five times as much, and a key that nobody used. */
beforeAll(async () => {
  world = createWorld(MCP_WORLD);
  world.overlay.restate({ day: "2026-10-21", stream: "claude_code", factor: 5 });
  const { apiKeys } = world.directory;
  const [first] = apiKeys.filter(({ created_by: maker }) => maker?.type === "user");
  apiKeys.push({ ...first!, id: FORGOTTEN, name: "forgotten", created_at: "2026-05-04T09:00:00Z", status: "active" });
  mcp = await startMcp({ world });
  assistant = await mcp.connect();
}, 60_000);
afterAll(() => mcp.close());

// Whatever a tool says: the client has checked its shape, the tests look at what is in it.
// oxlint-disable-next-line typescript/no-explicit-any
type Told = Readonly<Record<string, any>>;

/** What a tool answers; the client has checked it against the tool's output schema. */
async function asked(name: string, args: Readonly<Record<string, unknown>> = {}, by = assistant) {
  const { isError, text, data } = await by.call(name, args);
  if (isError) throw new Error(text);
  return { text, data: data as Told, notes: (data["notes"] ?? []) as readonly string[] };
}

async function refused(name: string, args: Readonly<Record<string, unknown>>, by = assistant): Promise<string> {
  const { isError, text } = await by.call(name, args);
  expect([name, isError]).toEqual([name, true]);
  return text;
}

/** What the source itself says of October: cents of estimated cost, by what a function makes of a model. */
function estimatedCents(of: (model: string) => boolean): number {
  const now = mcp.clock.now();
  const days = Array.from({ length: 31 }, (_, at) => `2026-10-${String(at + 1).padStart(2, "0")}`);
  return days
    .flatMap((day) => world.claudeCode(day, now))
    .filter(({ customer_type: type }) => type === "api")
    .flatMap(({ model_breakdown: models }) => models.filter(({ model }) => of(model)))
    .reduce((sum, { estimated_cost: cost }) => sum + cost.amount, 0);
}

describe("what did we spend on Opus last month, by team, and why did it jump?", () => {
  it("is answered by query_metric to the cent, with the kind of money and how far it is complete", async () => {
    const question = { metric: "cost", by: ["team"], where: ["model=Opus"], period: "last month" };
    const { data, text, notes } = await asked("query_metric", question);
    expect(exact(data["value"], "usd")).toBe(exact(estimatedCents((model) => model.includes("opus")) / 100, "usd"));
    expect(added(data["rows"], "value")).toBe(exact(data["value"], "usd"));
    expect(data).toMatchObject({
      unit: "usd",
      kind: "estimated",
      complete: { range: "2026-10-01..2026-10-31", through: "2026-10-31", daysRead: 31, days: 31 },
      unmapped: { value: expect.stringMatching(/^\d/) as string },
    });
    expect(notes).toEqual([
      "The period is read as 2026-10-01 to 2026-10-31, UTC; today is 2026-11-01.",
      'model="Opus" is read as model_family="opus".',
    ]);
    expect(text).toContain("what the source reckons for Claude Code alone; the bill is kind net");
    expect(text).toContain("the source may still restate 2026-10-29..2026-10-31");
    expect(text).toMatch(/- "Platform": \$\d/);
  });

  it("is explained by explain_change: people, models, keys and workspaces that add up to the jump exactly", async () => {
    const { data, text } = await asked("explain_change", { where: ["model=opus"], period: "2026-10-21" });
    expect(data).toMatchObject({ kind: "estimated", previousRange: "2026-10-20..2026-10-20", notComparable: null });
    expect(Number(data["difference"])).toBeGreaterThan(0);
    const dimensions = data["dimensions"] as Loose[];
    expect(dimensions.map(({ dimension, kind }) => [dimension, kind])).toEqual([
      ["team", "estimated"],
      ["person", "estimated"],
      ["model", "estimated"],
      // An estimate knows no workspace and no key: the bill does.
      ["workspace", "net"],
      ["api_key", "net"],
      ["terminal", "estimated"],
    ]);
    for (const { kind, difference, parts, remainder } of dimensions as Told[]) {
      const all = remainder === null ? parts : [...parts, remainder];
      expect(added(all, "difference")).toBe(exact(difference, "usd"));
      if (kind === "estimated") expect(difference).toBe(data["difference"]);
    }
    expect(text).toMatch(/By person:\n- "[^"]+@/);
  });

  it("compares a calendar month with the one before, not with as many days", async () => {
    const { data } = await asked("explain_change", { period: "2026-10" });
    expect(data["previousRange"]).toBe("2026-09-01..2026-09-30");
    const cut = await asked("compare_periods", { metric: "cost", period: "this week" });
    expect([cut.data["complete"].range, cut.data["previousRange"]]).toEqual([
      "2026-10-26..2026-10-31",
      "2026-10-19..2026-10-24",
    ]);
  });
});

describe("who has a key nobody used?", () => {
  it("is answered by key_hygiene with who made it", async () => {
    const { data, text } = await asked("key_hygiene");
    const { created_by: maker } = world.directory.apiKeys.find(({ id }) => id === FORGOTTEN)!;
    const email = [...world.directory.users, ...world.directory.removedUsers].find(({ id }) => id === maker?.id)!.email;
    const keys = data["keys"] as Loose[];
    expect(keys.find(({ keyId }) => keyId === FORGOTTEN)).toMatchObject({ name: "forgotten", lastUsed: null });
    expect(text).toContain(`"forgotten" (${FORGOTTEN}, `);
    expect(text).toContain(`by "${email}"`);
    expect(data["counts"]).toMatchObject({ never_used: keys.length });
    // Every other key of the list was used.
    const { rows } = await runOperation(mcp.context, await catalog.listApiKeys(), {
      flag: "never_used",
      status: "active",
    });
    expect(new Set(keys.map(({ keyId }) => keyId))).toEqual(new Set(rows.map(({ keyId }) => keyId)));
  });
});

describe("who is idle?", () => {
  it("is answered by idle_people: exactly those of the roster whom the source has no activity of", async () => {
    const { data } = await asked("idle_people", { days: "30" });
    const now = mcp.clock.now();
    const active = new Set(
      Array.from({ length: 31 }, (_, at) => `2026-10-${String(at + 1).padStart(2, "0")}`)
        .flatMap((day) => world.claudeCode(day, now))
        .flatMap(({ actor }) => (actor.type === "user_actor" ? [actor.email_address.toLowerCase()] : [])),
    );
    const people = data["people"] as { person: string; state: string }[];
    expect(people.length).toBeGreaterThan(0);
    expect(people.filter(({ person }) => active.has(person))).toEqual([]);
    const states = data["states"] as Record<string, number>;
    expect(states["active"]! + states["new"]! + people.length).toBe(data["eligible"]);
  });

  it("is told in counts to who may not see people, and by name to nobody else", async () => {
    const reader = await mcp.connect({ permissions: ["read", "own"] });
    const { data, text } = await asked("idle_people", {}, reader);
    expect([data["people"], data["total"]]).toEqual([[], 0]);
    expect(text).toContain("Single people are not shown to you");
    expect(text).not.toContain("@");
  });
});

describe("how complete is this?", () => {
  it("is answered by sync_status, stream by stream, with what to do", async () => {
    const { data, text } = await asked("sync_status");
    const streams = data["streams"] as Loose[];
    const report = streams.find(({ stream }) => stream === "claude_code")!;
    expect(report).toMatchObject({ state: "ok", through: "2026-10-31", gaps: [], error: null });
    expect(report["daysRead"]).toBe(report["days"]);
    expect(streams.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(data["lastRun"]).toMatchObject({ outcome: "complete" });
    expect(text).toMatch(/claude_code: ok, through 2026-10-31/);
    expect((data["advice"] as string[]).join()).toContain("not signed yet");
  });
});

describe("a period", () => {
  it.each([
    ["last month", "2026-10-01..2026-10-31"],
    ["Last Month", "2026-10-01..2026-10-31"],
    ["this month", "2026-11-01..2026-11-01"],
    ["last 7 days", "2026-10-25..2026-10-31"],
    ["past_2_weeks", "2026-10-18..2026-10-31"],
    ["last 2 months", "2026-09-01..2026-10-31"],
    ["yesterday", "2026-10-31..2026-10-31"],
    ["today", "2026-11-01..2026-11-01"],
    ["last week", "2026-10-19..2026-10-25"],
    ["this week", "2026-10-26..2026-10-31"],
    ["last quarter", "2026-07-01..2026-09-30"],
    ["this year", "2026-01-01..2026-10-31"],
    ["2026-10", "2026-10-01..2026-10-31"],
    ["2026-Q4", "2026-10-01..2026-10-31"],
    ["2026-10-05", "2026-10-05..2026-10-05"],
    ["2026-10-05..2026-10-07", "2026-10-05..2026-10-07"],
    ["2026-10-05 to 2026-10-07", "2026-10-05..2026-10-07"],
  ])("%s is %s on 2026-11-01", async (period, range) => {
    const { data, notes } = await asked("query_metric", { metric: "sessions", period });
    expect(data["complete"].range).toBe(range);
    expect(notes[0]).toBe(`The period is read as ${range.replace("..", " to ")}, UTC; today is 2026-11-01.`);
  });

  it.each([
    [{ period: "soon" }, /period: is no period\. Write today, /],
    [{ period: "last 0 days" }, /period: is no period/],
    [{ period: "2026-02-30" }, /period: 2026-02-30 is not a day/],
    [{ period: "2027-01" }, /from: 2027-01-01 is after today/],
    [{ period: "last month", from: "2026-10-01" }, /Give either the period or the two days/],
    [{ from: "2026-10-31", to: "2026-10-01" }, /is after to: 2026-10-01/],
  ])("%j is refused", async (when, why) => {
    expect(await refused("query_metric", { metric: "sessions", ...when })).toMatch(why);
  });
});

describe("query_metric", () => {
  it("answers by time, page after page", async () => {
    const question = { metric: "tokens", grain: "day", limit: 10, ...OCTOBER };
    const days: unknown[] = [];
    let cursor: unknown;
    do {
      const { data } = await asked("query_metric", cursor === undefined ? question : { ...question, cursor });
      days.push(...(data["rows"] as Loose[]).map(({ day }) => day));
      cursor = data["nextCursor"];
    } while (cursor !== null);
    expect([days.length, days[0], days.at(-1)]).toEqual([31, "2026-10-01", "2026-10-31"]);
  });

  it("reads models by the words people use, and says so", async () => {
    const notesOf = async (model: string) =>
      (await asked("query_metric", { metric: "cost", where: [`model=${model}`], ...OCTOBER })).notes;
    expect(await notesOf("claude-opus-5-5")).toEqual([]);
    expect(await notesOf("Opus 5.5")).toEqual(['model="Opus 5.5" is read as model="claude-opus-5-5".']);
    expect(await notesOf("claude haiku")).toEqual(['model="claude haiku" is read as model_family="haiku".']);
    expect((await notesOf("opuss")).join()).toContain('There is no model_family "opuss" here. Alike: "opus".');
  });

  it("takes a workspace by its name, and calls it so in the answer", async () => {
    const where = ["workspace=claude code"];
    const { data, notes } = await asked("query_metric", { metric: "cost", kind: "net", by: ["workspace"], where });
    expect(notes.join()).toMatch(/workspace="claude code" is read as workspace="wrkspc_/);
    expect(data["rows"]).toMatchObject([{ workspaceName: "Claude Code" }]);
    expect(await refused("query_metric", { metric: "cost", kind: "net", where: ["workspace=Nowhere"] })).toMatch(
      /workspace: Nowhere is unknown\. Choose one of: "/,
    );
  });

  it("says what there is where nothing matched, so that a slip is no zero", async () => {
    const { data, notes } = await asked("query_metric", { metric: "cost", where: ["team=Platfrom"], ...OCTOBER });
    expect(data["value"]).toBe("0.00");
    expect(notes).toEqual(['There is no team "Platfrom" here. Alike: "Platform".']);
    expect(data["warnings"]).toContain('No row has team "Platfrom".');
  });

  it("answers as the record stood then, and null with its reason", async () => {
    const { data, text } = await asked("query_metric", { metric: "cost", period: "2026-07" });
    expect(data).toMatchObject({ value: null, reason: "not_collected_yet", complete: { daysRead: 0, days: 31 } });
    expect(text).toContain("unknown (not collected yet)");
    expect((await asked("query_metric", { metric: "cost", asOf: "2026-10-01" })).data["value"]).not.toBe("0.00");
  });

  it.each([
    [{ metric: "costs" }, /^metric: Invalid option: expected one of "cost"/],
    [{ metric: "cost", by: ["colour"] }, /^by\.0: Invalid option/],
    [{ metric: "accept_rate", by: ["model"] }, /accept_rate cannot be split by model.*can be split by: /],
    [{ metric: "cost", where: ["opus"] }, /where: is not dimension=value.*for example model=opus/],
    [{ metric: "cost", where: ["modell=opus"] }, /where: modell is unknown.*model/],
    [{ metric: "sessions", kind: "net" }, /sessions is not about money.*Leave it out/],
    [{ metric: "cost", tenant: "other" }, /Unrecognized key/],
  ])("refuses %j with what to do", async (args, why) => {
    expect(await refused("query_metric", args)).toMatch(why);
  });
});

describe("describe_metrics", () => {
  it("finds a metric by words or id, and lists them all", async () => {
    const one = await asked("describe_metrics", { about: "cost per pull request" });
    expect(one.data["metrics"]).toMatchObject([{ id: "cost_per_pull_request", unit: "usd" }]);
    expect(one.text).toContain("Formula: ");
    const all = await asked("describe_metrics");
    expect(all.data["metrics"]).toHaveLength(
      (await runOperation(mcp.context, await catalog.describeMetrics(), {})).metrics.length,
    );
    expect((await asked("describe_metrics", { about: "weather" })).text).toContain("No metric is about that");
  });
});

describe("compare_periods", () => {
  it("tells difference and ratio of the two sums, and of each part", async () => {
    const periods = { period: "2026-10-21", against: "2026-10-20" };
    const { data, text } = await asked("compare_periods", { metric: "sessions", by: ["team"], ...periods });
    const { current, previous, change } = data;
    expect(change).toEqual({ difference: current - previous, relative: (current - previous) / previous, perDay: null });
    const rows = data["rows"] as { current: number; previous: number }[];
    expect(rows.reduce((sum, row) => sum + row.current, 0)).toBe(current);
    expect(text).toMatch(
      /^Sessions: [\d,]+ over 2026-10-21\.\.2026-10-21 against [\d,]+ over 2026-10-20\.\.2026-10-20\./,
    );
  });

  it("takes ratios in points, and says why two periods do not compare", async () => {
    const rate = await asked("compare_periods", { metric: "accept_rate", period: "last week" });
    expect(rate.text).toMatch(/A change of -?\d+\.\d\d percentage points\./);
    const { data, text } = await asked("compare_periods", { metric: "cost", period: "2026-07" });
    expect(data["change"]).toBeNull();
    expect(data["notComparable"].join()).toContain("only 0 of 31 days were read whole");
    expect(text).toContain("The two do not compare: ");
  });

  it("names the nearest metrics for one that is not there", async () => {
    expect(await refused("compare_periods", { metric: "cots" })).toMatch(/metric: cots is unknown.*cost/);
  });
});

describe("explain_change", () => {
  it("refuses what does not add up, and sends to the tool that does", async () => {
    expect(await refused("explain_change", { metric: "accept_rate" })).toMatch(/do not add up.*Ask about a sum/);
  });
});

describe("people", () => {
  it("are found by a part of their name, page after page", async () => {
    const all = (await asked("find_people", { search: "platform" })).data["people"] as Loose[];
    expect(all.length).toBeGreaterThan(2);
    expect(all.every(({ team }) => team === "Platform")).toBe(true);
    const { data } = await asked("find_people", { search: "platform", limit: 2 });
    expect([(data["people"] as unknown[]).length, data["total"], data["nextCursor"]]).toEqual([
      2,
      all.length,
      expect.any(String),
    ]);
    expect((await asked("find_people", { search: "nobody at all" })).text).toContain("Nobody is found");
  });

  it("have their figures by id, address or whole name", async () => {
    const people = (await asked("find_people", { search: "platform" })).data["people"] as Record<string, string>[];
    const { personId, person, name } = people.find(({ lastActive }) => lastActive !== null)!;
    const [byId, ...others] = await Promise.all(
      [personId, person, name!.toUpperCase()].map((one) => asked("person_usage", { person: one, ...OCTOBER })),
    );
    for (const other of others) expect(other.data).toEqual(byId!.data);
    const told = await runOperation(mcp.context, await catalog.personUsage(), { personId, ...OCTOBER });
    expect(byId!.data).toMatchObject({ figures: told.figures, activeDays: told.activeDays, byModel: told.byModel });
  });

  it("see their own figures, the same as who may see people", async () => {
    const { rows } = await runOperation(mcp.context, await catalog.listPeopleUsage(), { limit: 1 });
    const { personId } = rows[0]!;
    const permissions = new Set(["own"] as const);
    const caller = { ...mcp.context.caller, kind: "account", personId, permissions } as typeof mcp.context.caller;
    const self = await mcpOver({ ...mcp.context, caller });
    const own = await asked("my_usage", { period: "last month" }, self);
    expect(own.data).toEqual((await asked("person_usage", { person: personId, period: "last month" })).data);
    expect(await refused("query_metric", { metric: "cost" }, self)).toMatch(/not allowed to do this \(read\)/);
    await self.close();
    expect((await asked("my_usage")).data["unlinked"]).toMatch(/not linked to a person.*Ask an admin/);
  });

  it.each(["Nobody Here", "p_000000000000"])("are not made up: %s", async (person) => {
    expect(await refused("person_usage", { person })).toMatch(/person: there is none of this id or name/);
  });

  it("stay hidden from who may not see them", async () => {
    const reader = await mcp.connect({ permissions: ["read", "own"] });
    const names = (await reader.client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("query_metric");
    for (const name of ["find_people", "person_usage", "start_sync", "prove_record", "verify_ledger"])
      expect(names).not.toContain(name);
    for (const name of ["find_people", "start_sync"])
      await expect(reader.call(name, { search: "a" })).rejects.toThrow("Insufficient scope");
    expect(mcp.syncs.orders).toEqual([]);
  });
});

describe("list_insights", () => {
  it("tells what the insights page finds, ranked, and what was not checked", async () => {
    const { data, text } = await asked("list_insights", OCTOBER);
    const told = await runOperation(mcp.context, await catalog.listInsights(), OCTOBER);
    expect((data["findings"] as Loose[]).map(({ sentence }) => sentence)).toEqual(
      told.findings.map(({ sentence }) => sentence),
    );
    expect(data["total"]).toBeGreaterThan(0);
    expect(text).toContain("Not checked: ");
  });
});

describe("start_sync", () => {
  it("orders a sync, waits for its end, and says how it went", async () => {
    const running = await asked("start_sync", { wait: false, streams: ["claude_code"] });
    expect(running.data).toMatchObject({ outcome: "running", isNew: true, endedAt: null });
    expect(mcp.syncs.orders.at(-1)).toMatchObject({ order: { what: "sync", streams: ["claude_code"] } });
    for (const [exit, outcome] of [
      [0, "complete"],
      [3, "partial"],
      [4, "credential"],
      [5, "failed"],
    ] as const) {
      const waiting = asked("start_sync", { backfillFrom: "2026-09-01" });
      while (mcp.syncs.listeners === 0) await new Promise((resolve) => setImmediate(resolve));
      const run = mcp.syncs.latest("default")!;
      mcp.syncs.tell("ended", {
        ...run,
        endedAt: "2026-11-01T12:05:00.000Z",
        exit,
        problem: exit === 0 ? null : "why",
      });
      expect((await waiting).data).toMatchObject({ outcome, problem: exit === 0 ? null : "why" });
    }
    expect(mcp.syncs.orders.at(-1)).toMatchObject({ order: { what: "backfill", from: "2026-09-01" } });
  });
});

describe("the ledger", () => {
  it("proves a record by its index, in a form that a stranger's verifier takes", async () => {
    const listed = await asked("prove_record", { stream: "api_keys", text: FORGOTTEN });
    expect(listed.data["candidates"]).toEqual([]);
    const { proof, payload, index } = listed.data;
    const { ledger } = await runOperation(mcp.context, await catalog.ledgerSummary(), {});
    const { vkeys } = ledger!.checkpoint!;
    expect(
      verifyTlogProof(
        proof,
        vkeys.map((vkey) => parseVkey(vkey)),
      ).index,
    ).toBe(index);
    expect(payload).toContain(FORGOTTEN);
    expect((await asked("prove_record", { index })).data["proof"]).toBe(proof);
  });

  it("lists the records that a search meets, and says when there is none", async () => {
    const { data, text } = await asked("prove_record", { stream: "users" });
    expect((data["candidates"] as unknown[]).length).toBeGreaterThan(5);
    expect(text).toContain("Several records; ask again with the index of one");
    expect((await asked("prove_record", { stream: "users", text: "nobody" })).text).toContain("No record is found");
    expect(await refused("prove_record", { stream: "no_such" })).toMatch(/stream: no_such is unknown.*users/);
  });

  it("is verified whole, with progress", async () => {
    const steps: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
    const result = await assistant.client.callTool(
      { name: "verify_ledger", arguments: {} },
      { onprogress: (step) => void steps.push(step) },
    );
    expect(result.structuredContent).toMatchObject({ ok: true, failureCount: 0, failures: [] });
    expect(steps.length).toBeGreaterThan(10);
    const done = steps.map(({ progress }) => progress);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(new Set(done).size).toBe(done.length);
    expect(steps.some(({ message }) => /comparing rows of claude_code/.test(message ?? ""))).toBe(true);
  });

  it("is no longer verified for who went away", async () => {
    const { store, scope } = mcp.context;
    const { size } = (await store.read((tx) => logState(tx, scope)))!;
    const leaving = new AbortController();
    const call = assistant.client.callTool(
      { name: "verify_ledger", arguments: {} },
      { onprogress: () => leaving.abort(), signal: leaving.signal },
    );
    await expect(call).rejects.toThrow();
    for (;;) {
      const left = await store.read((tx) => readLeaves(tx, scope, size, size + 10));
      const said = left.map(({ payload }) => payload ?? "").find((payload) => payload.includes("mcp.called"));
      if (said !== undefined) {
        expect(JSON.parse(said)).toMatchObject({ tool: "verify_ledger", outcome: "cancelled" });
        break;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
