/** The tools that read what the Admin API is about, over a real client: one record for all of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Permission } from "../../../src/access/index.ts";
import { catalog, runOperation } from "../../../src/operations/index.ts";
import { found, identifiers } from "../../privacy/support.ts";
import { startMcp, type TestAnswer, type TestMcp, type TestMcpClient } from "../../support/mcp.ts";

const RANGE = { start_date: "2026-10-20", end_date: "2026-10-25" };
const WHOLE = { start_date: "2026-10-02", end_date: "2026-10-31" };

let mcp: TestMcp;
let operator: TestMcpClient;
beforeAll(async () => {
  mcp = await startMcp();
  operator = await mcp.connect();
});
afterAll(() => mcp?.close());

type Args = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

/** A good answer; its structured content was checked against the tool's own schema by the client. */
async function ask(name: string, args: Args = {}, client = operator): Promise<TestAnswer> {
  const answer = await client.call(`claude_code_${name}`, args);
  expect(answer.isError, answer.text).toBe(false);
  return answer;
}

const rowsOf = ({ data }: TestAnswer) => data["rows"] as readonly Row[];
const notesOf = ({ data }: TestAnswer) => (data["notes"] ?? []) as readonly string[];
const rows = async (name: string, args: Args = {}) => rowsOf(await ask(name, args));
const directory = () => mcp.emulator.world.directory;
const workspaceId = () => directory().workspaceRateLimits[0]!.workspace_id;

/** A list tool, what it is asked, and how many there are. */
const LISTS: readonly (readonly [name: string, args: () => Args, all: () => number])[] = [
  ["list_users", () => ({}), () => directory().users.length],
  ["list_invites", () => ({}), () => directory().invites.length],
  ["list_workspaces", () => ({ include_archived: true }), () => directory().workspaces.length],
  ["list_api_keys", () => ({}), () => directory().apiKeys.length],
  [
    "list_workspace_members",
    () => ({ workspace_id: directory().members[0]!.workspace_id }),
    () => directory().members.filter(({ workspace_id: id }) => id === directory().members[0]!.workspace_id).length,
  ],
];

describe.each(LISTS)("%s", (name, args, all) => {
  it("gives everything, the same from the record and asked now", async () => {
    const record = await ask(name, args());
    const live = await ask(name, { ...args(), live: true });
    expect([record.data["source"], live.data["source"]]).toEqual(["record", "anthropic"]);
    expect(rowsOf(record)).toHaveLength(all());
    expect(rowsOf(record)).toEqual(rowsOf(live));
    expect(record.text).toContain("from the record, read 2026-11-01T12:00:00.000Z");
  });

  it("gives every page by number, and every part by cursor", async () => {
    const whole = await rows(name, args());
    const size = 2;
    const pages = Math.ceil(whole.length / size);
    const numbered: Row[] = [];
    for (let page = 1; page <= pages; page += 1) {
      const part = await ask(name, { ...args(), page, per_page: size });
      expect(notesOf(part).join(" ")).toContain(`Page ${page} of ${pages}, ${size} a page`);
      numbered.push(...rowsOf(part));
    }
    expect(numbered).toEqual(whole);
    expect(await rows(name, { ...args(), page: pages + 1, per_page: size })).toEqual([]);
    const walked: Row[] = [];
    for (let cursor: unknown = undefined; cursor !== null;) {
      const { data } = await ask(name, { ...args(), limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      walked.push(...(data["rows"] as readonly Row[]));
      cursor = data["nextCursor"];
    }
    expect(walked).toEqual(whole);
  });
});

describe("one object", () => {
  it.each([false, true])("is the one that Anthropic has, live: %s", async (live) => {
    const { users, invites, workspaces, apiKeys } = directory();
    const cases = [
      ["get_user", "user_id", "user", users[1]],
      ["get_invite", "invite_id", "invite", invites[0]],
      ["get_workspace", "workspace_id", "workspace", workspaces[2]],
      ["get_api_key", "api_key_id", "api_key", apiKeys[3]],
    ] as const;
    for (const [name, field, member, object] of cases) {
      const { data } = await ask(name, { [field]: object!.id, live });
      expect(data[member]).toEqual(object);
    }
  });

  it("is found by its name too, which is said", async () => {
    const { users, workspaces } = directory();
    const user = await ask("get_user", { user_id: users[1]!.email.toUpperCase() });
    expect(user.data["user"]).toEqual(users[1]);
    expect(notesOf(user)[0]).toContain(`is read as ${users[1]!.id}`);
    const workspace = await ask("get_workspace", { workspace_id: workspaces[2]!.name });
    expect(workspace.data["workspace"]).toEqual(workspaces[2]);
  });

  it("of the organization comes with its connections", async () => {
    const { organization } = directory();
    for (const live of [false, true]) {
      const [row] = await rows("get_org_info", { live });
      expect(row).toMatchObject({ ...organization, connections: [{ connection: "main", state: "active" }] });
    }
  });
});

describe("limits", () => {
  it("are the organization's, and with a workspace those that hold there", async () => {
    const organization = await rows("list_rate_limits");
    expect(organization).toHaveLength(directory().rateLimits.length);
    expect(await rows("list_rate_limits", { live: true })).toEqual(organization);
    const [first] = directory().rateLimits.filter(({ models }) => models !== null);
    const ofModel = await rows("list_rate_limits", { model: first!.models![0] });
    expect(ofModel.map(({ id }) => id)).toEqual([first!.id]);
    const own = await rows("list_rate_limits", { workspace_id: workspaceId() });
    expect(await rows("list_rate_limits", { workspace_id: workspaceId(), live: true })).toEqual(own);
    expect(JSON.stringify(own)).toContain('"source":{"type":"workspace"}');
    expect(JSON.stringify(own)).toContain('"source":{"type":"organization"}');
  });

  it("of money are asked of Anthropic, in dollars too, since nothing is recorded of them", async () => {
    const answer = await ask("list_spend_limits");
    expect(answer.data["source"]).toBe("anthropic");
    expect(notesOf(answer).join(" ")).toContain("Nothing is recorded of spend limits");
    const amounts = rowsOf(answer).map(({ amount, amount_usd: usd }) => [amount, usd]);
    expect(amounts).toContainEqual(["250000", "2500.00"]);
  });
});

describe("words that Anthropic has not", () => {
  it("member is everybody without an administrator's role", async () => {
    const answer = await ask("list_users", { role: "member" });
    expect(rowsOf(answer)).toHaveLength(directory().users.filter(({ role }) => role !== "admin").length);
    expect(notesOf(answer)[0]).toMatch(/no role member: asked as .*\(developer, user, claude_code_user, billing/);
    expect((await rows("list_users", { role: "admin" })).every(({ role }) => role === "admin")).toBe(true);
  });

  it("disabled is inactive", async () => {
    const answer = await ask("list_api_keys", { status: "disabled" });
    expect(rowsOf(answer)).toEqual(await rows("list_api_keys", { status: "inactive" }));
    expect(rowsOf(answer).length).toBeGreaterThan(0);
    expect(notesOf(answer)[0]).toContain("asked as inactive");
  });

  it("a bucket finer than a day is asked live by itself", async () => {
    const answer = await ask("get_usage", { start_date: "2026-10-31", bucket_width: "1h", group_by: ["model"] });
    expect(answer.data["source"]).toBe("anthropic");
    expect(notesOf(answer)[0]).toContain("Anthropic was asked");
  });
});

describe("usage", () => {
  it("is every day of the range, to the token", async () => {
    const { data, text } = await ask("get_usage", WHOLE);
    const { messages } = mcp.emulator.world.truth();
    const { by_model: _, ...sums } = messages;
    expect(data["totals"]).toMatchObject(sums);
    expect(data["rows"]).toHaveLength(30);
    expect(text).toContain("2026-10-02 to 2026-10-31 UTC; from the record");
    expect(text).toContain("Complete through 2026-10-31; all 30 days");
    expect(text).toContain("may still restate 2026-10-29..2026-10-31");
  });

  it.each([[["model"]], [["workspace_id", "api_key_id"]], [["account_id"]], [["service_tier", "inference_geo"]]])(
    "by %s is the same from the record and asked now",
    async (groups) => {
      const args = { ...RANGE, group_by: groups, limit: 1000 };
      const [record, live] = [await ask("get_usage", args), await ask("get_usage", { ...args, live: true })];
      expect(rowsOf(record).length).toBeGreaterThan(0);
      expect(rowsOf(live)).toEqual(rowsOf(record));
      expect(live.data["totals"]).toEqual(record.data["totals"]);
    },
  );

  it.each([
    ["1h", WHOLE, 5],
    ["1m", { start_date: "2026-10-30", end_date: "2026-10-31" }, 2],
  ] as const)("in buckets of %s is asked in parts that Anthropic takes, and adds up", async (width, range, windows) => {
    const before = mcp.emulator.requests.length;
    const { data } = await ask("get_usage", { ...range, bucket_width: width, limit: 1 });
    expect(mcp.emulator.requests.length - before).toBe(windows);
    expect(data["totals"]).toEqual((await ask("get_usage", range)).data["totals"]);
  });

  it("is narrowed to models, workspaces and keys; the default workspace has a name here", async () => {
    const defaultId = directory().defaultWorkspaceId;
    const byWorkspace = await rows("get_usage", { ...RANGE, bucket_width: "total", group_by: ["workspace_id"] });
    const expected = byWorkspace.find(({ workspace_id: id }) => id === null)!;
    for (const live of [false, true]) {
      for (const id of ["default", defaultId]) {
        const { data } = await ask("get_usage", { ...RANGE, bucket_width: "total", workspace_ids: [id], live });
        expect(data["totals"]).toMatchObject({ total_tokens: expected["total_tokens"] });
      }
    }
    const [model] = await rows("get_usage", { ...RANGE, bucket_width: "total", group_by: ["model"] });
    const { data } = await ask("get_usage", { ...RANGE, models: [model!["model"]] });
    expect(data["totals"]).toMatchObject({ total_tokens: model!["total_tokens"] });
  });
});

describe("cost", () => {
  it("is the cost report to the cent and below, by line unless asked otherwise", async () => {
    const { cost_report: truth } = mcp.emulator.world.truth();
    const { data, text } = await ask("get_cost_breakdown", WHOLE);
    expect(data["totals"]).toMatchObject({ amount_usd: truth.usd, cost_kind: "net" });
    expect((data["rows"] as readonly Row[])[0]).toHaveProperty("description");
    expect(text).toContain("does not say whether its amounts are before or after a discount");
    const byType = await rows("get_cost_breakdown", { ...WHOLE, group_by: ["cost_type"] });
    expect(Object.fromEntries(byType.map((row) => [row["cost_type"], row["amount_usd"]]))).toEqual(truth.by_cost_type);
  });

  it("is the same from the record and asked now, day by day", async () => {
    const args = { ...RANGE, group_by: ["workspace_id", "model"], bucket_width: "1d", limit: 1000 };
    const [record, live] = [
      await ask("get_cost_breakdown", args),
      await ask("get_cost_breakdown", { ...args, live: true }),
    ];
    expect(rowsOf(record).length).toBeGreaterThan(6);
    expect(rowsOf(live)).toEqual(rowsOf(record));
  });

  it("keeps kinds of money apart", async () => {
    const { analytics, claude_code: code } = mcp.emulator.world.truth();
    const total = async (kind: string) => (await ask("get_cost_breakdown", { ...WHOLE, kind })).data["totals"];
    expect(await total("list")).toMatchObject({ amount_usd: analytics.list_usd, cost_kind: "list" });
    expect(await total("estimated")).toMatchObject({ amount_usd: code.estimated_usd });
  });
});

describe("Claude Code analytics", () => {
  it("cover each day, and add up to what was done", async () => {
    const { claude_code: truth } = mcp.emulator.world.truth();
    const { data } = await ask("get_code_analytics", WHOLE);
    expect(data["totals"]).toMatchObject({
      sessions: truth.sessions,
      lines_added: truth.lines_added,
      commits: truth.commits,
      pull_requests: truth.pull_requests,
      actions_accepted: truth.actions_accepted,
      estimated_cost_usd: truth.estimated_usd,
      active_users: truth.active_users,
    });
    const daily = (data["rows"] as readonly Row[]).map((row) => [
      String(row["starting_at"]).slice(0, 10),
      row["active_users"],
    ]);
    expect(daily).toHaveLength(30);
    // Distinct people of the range are fewer than the sum of its days, and never that sum.
    expect(daily.reduce((sum, [, people]) => sum + Number(people), 0)).toBeGreaterThan(truth.active_users);
  });

  it("ask Anthropic for each day when live, and say the same", async () => {
    const before = mcp.emulator.requests.length;
    for (const groups of [[], ["person"], ["model"], ["terminal_type"]]) {
      const args = { ...RANGE, group_by: groups, limit: 1000 };
      const [record, live] = [
        await ask("get_code_analytics", args),
        await ask("get_code_analytics", { ...args, live: true }),
      ];
      expect(rowsOf(record).length).toBeGreaterThan(0);
      expect(rowsOf(live)).toEqual(rowsOf(record));
    }
    const asked = mcp.emulator.requests
      .slice(before)
      .map(({ query }) => query.slice(0, "starting_at=2026-10-20".length));
    expect(new Set(asked)).toEqual(new Set([20, 21, 22, 23, 24, 25].map((day) => `starting_at=2026-10-${day}`)));
  });
});

it("a long live question tells how far it is, and ends when it is cancelled", async () => {
  const args = { ...RANGE, live: true };
  const told: string[] = [];
  const onprogress = ({ message }: { readonly message?: string | undefined }) => void told.push(message ?? "");
  await operator.client.callTool({ name: "claude_code_get_code_analytics", arguments: args }, { onprogress });
  expect(told.at(-1)).toBe("Claude Code activity: 6 of 6 windows");
  const ending = new AbortController();
  const cancelled = operator.client.callTool(
    { name: "claude_code_get_code_analytics", arguments: { ...WHOLE, live: true } },
    { signal: ending.signal },
  );
  ending.abort();
  await expect(cancelled).rejects.toThrow();
});

describe("normalized metrics", () => {
  it("are the whole block, with the generator's figures", async () => {
    const { claude_code: truth } = mcp.emulator.world.truth();
    const { data, text } = await ask("get_normalized_metrics", WHOLE);
    const days = Object.values(truth.daily_active_users);
    expect(data).toMatchObject({
      tool_name: "claude_code",
      period: "2026-10-02/2026-10-31",
      total_cost_usd: truth.estimated_usd,
      total_acceptances: truth.actions_accepted,
      total_lines_accepted: truth.lines_added + truth.lines_removed,
      sessions: truth.sessions,
      period_active_users: truth.active_users,
      input_tokens: truth.tokens.input,
      cache_read_tokens: truth.tokens.cache_read,
      total_seats: null,
    });
    expect(data["daily_active_users"]).toBeCloseTo(days.reduce((sum, one) => sum + one, 0) / 30, 10);
    expect((data["by_user"] as readonly Row[]).length).toBeGreaterThan(0);
    expect(text).toContain("Not reported by the source: total_seats");
  });
});

describe("capabilities", () => {
  it("say what can be read, why not the rest, and what the caller may", async () => {
    const { data, text } = await ask("get_capabilities");
    expect(data["capabilities"]).toMatchObject({ admin_api: true, code_analytics: true, activity_feed: false });
    expect(JSON.stringify(data["connections"])).toContain("read:compliance_activities");
    expect(text).toContain("see people by name");
  });
});

describe("a slip", () => {
  const nobody: readonly (readonly [string, Args, RegExp])[] = [
    ["get_usage", { start_date: "2026-02-30" }, /start_date: 2026-02-30 is not a day/],
    ["get_cost_breakdown", { end_date: "31.10.2026" }, /end_date: 31\.10\.2026 is not a day/],
    ["get_code_analytics", { start_date: "2026-10-21", end_date: "2026-10-20" }, /start_date.*is after end_date/],
    ["get_normalized_metrics", { start_date: "2027-01-01" }, /start_date: 2027-01-01 is after today/],
    ["get_usage", { group_by: ["model", "workspace_id", "api_key_id"] }, /Ask for two of them, or with live/],
    ["get_usage", { group_by: ["colour"] }, /group_by/],
    ["get_usage", { start_date: "2026-01-01", bucket_width: "1m" }, /too long.*at most 3 days/],
    ["get_code_analytics", { group_by: ["model", "tool"], live: true }, /never reported together/],
    ["get_cost_breakdown", { kind: "list", live: true }, /list is not in the cost report/],
    ["get_user", { user_id: "user_nobody" }, /user user_nobody.*none of this id/],
    ["get_user", { user_id: "user_nobody", live: true }, /user user_nobody.*none of this id/],
    ["get_workspace", { workspace_id: "No such workspace" }, /none of this id or name/],
    ["list_workspace_members", { workspace_id: "wrkspc_none" }, /workspace wrkspc_none/],
    ["list_users", { organization: "Nowhere Inc" }, /organization: Nowhere Inc is unknown.*Choose one of: Lumen/],
    ["list_users", { per_page: 0 }, /per_page/],
    ["list_users", { colour: "red" }, /colour/i],
  ];
  it.each(nobody)("in %s %j is told with a remedy", async (name, args, says) => {
    const { isError, text } = await operator.call(`claude_code_${name}`, args);
    expect(isError).toBe(true);
    expect(text).toMatch(says);
  });
});

describe("whoever may not see people", () => {
  const TOOLS: readonly (readonly [string, Args])[] = [
    ["get_usage", { ...WHOLE, group_by: ["account_id"], bucket_width: "total" }],
    ["get_usage", { ...WHOLE, group_by: ["api_key_id"], bucket_width: "total" }],
    ["get_usage", { ...WHOLE, live: true }],
    ["get_cost_breakdown", { ...WHOLE, group_by: ["api_key_id"] }],
    ["get_cost_breakdown", { ...WHOLE, live: true }],
    ["get_code_analytics", { ...WHOLE, group_by: ["person"], bucket_width: "total" }],
    ["get_code_analytics", { ...WHOLE, group_by: ["team", "terminal_type"] }],
    ["get_code_analytics", { ...WHOLE, group_by: ["person"], live: true }],
    ["get_normalized_metrics", WHOLE],
    ["list_api_keys", {}],
    ["list_api_keys", { live: true }],
    ["list_workspaces", {}],
    ["list_rate_limits", {}],
    ["list_spend_limits", {}],
    ["get_capabilities", {}],
    ["get_org_info", { live: true }],
  ];
  const PEOPLE: readonly (readonly [string, Args])[] = [
    ["list_users", {}],
    ["list_invites", { live: true }],
    ["list_workspace_members", { workspace_id: "wrkspc_1" }],
    ["get_user", { user_id: "user_1", live: true }],
    ["get_invite", { invite_id: "invite_1" }],
  ];

  /** Whoever is hidden. Keys of services are nobody's; in mode teams a key's id stands for itself, without a figure. */
  async function hidden(mode: "pseudonymous" | "teams"): Promise<string[]> {
    const { rows: keys } = await runOperation(mcp.context, await catalog.listApiKeys(), { limit: 1000 });
    const ofServices = new Set(
      keys.flatMap(({ owner, keyId, hint }) => (owner.kind === "service" ? [keyId, hint] : [])),
    );
    const ids = new Set(mode === "teams" ? keys.map(({ keyId }) => keyId) : []);
    return identifiers(mcp.emulator.world).filter(
      (one) => !ofServices.has(one) && !ids.has(one) && !/^key: ?CI /.test(one),
    );
  }

  it.each(["pseudonymous", "teams"] as const)("is told of none of them in mode %s, by any tool", async (mode) => {
    await runOperation(mcp.context, await catalog.changeSettings(), { settings: { "privacy.mode": mode } });
    const permissions: readonly Permission[] = ["read", "export", "own"];
    const viewer = await mcp.connect({ permissions });
    const names = await hidden(mode);
    for (const [name, args] of TOOLS) {
      const { text, data, isError } = await viewer.call(`claude_code_${name}`, args);
      expect([name, args, found(names, text + JSON.stringify(data))]).toEqual([name, args, []]);
      // What is asked live is figures of whoever they are: of that nothing is told at all.
      if (args["live"] === true && name.startsWith("get_") && name !== "get_org_info")
        expect([name, isError]).toEqual([name, true]);
    }
    for (const [name, args] of PEOPLE) {
      const refused = await viewer
        .call(`claude_code_${name}`, args)
        .catch((thrown: unknown) => ({ isError: true, text: String(thrown) }));
      expect([name, refused.isError]).toEqual([name, true]);
      expect(found(names, refused.text)).toEqual([]);
    }
    const key = directory().apiKeys.find(({ created_by: by }) => by?.type === "user")!;
    const known = await viewer.call("claude_code_get_api_key", { api_key_id: key.id });
    const unknown = await viewer.call("claude_code_get_api_key", { api_key_id: "apikey_nobody" });
    expect(known.text.replaceAll(key.id, "…")).toBe(unknown.text.replaceAll("apikey_nobody", "…"));
  });
});
