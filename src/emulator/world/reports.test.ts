import { describe, expect, it } from "vitest";
import { createWorld } from "./index.ts";
import type { AnalyticsQuery, BucketWidth, MessagesUsageResult } from "./index.ts";
import { usdText } from "./money.ts";

const world = createWorld({ seed: 7, people: 40, days: 21, end: "2026-10-14", scale: 1 });
const truth = world.truth();
const now = world.startsAt;
const WHOLE = { from: Date.parse("2026-09-24"), to: Date.parse("2026-10-15") };
const DAY = { from: Date.parse("2026-10-12"), to: Date.parse("2026-10-13") };

const CUTS: string[][] = [
  [],
  ["workspace_id", "api_key_id", "model", "service_tier", "inference_geo"],
  ["account_id", "service_account_id", "model", "context_window", "speed"],
  ["service_tier"],
];

function messages(groupBy: string[], width: BucketWidth = "1d", range = WHOLE, filters: Record<string, string[]> = {}) {
  return world.messagesUsage({ ...range, width, groupBy, filters }, now);
}

function tokensOf(rows: readonly MessagesUsageResult[]) {
  const sum = (of: (row: MessagesUsageResult) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    uncached_input_tokens: sum((row) => row.uncached_input_tokens),
    cache_creation_5m_input_tokens: sum((row) => row.cache_creation.ephemeral_5m_input_tokens),
    cache_creation_1h_input_tokens: sum((row) => row.cache_creation.ephemeral_1h_input_tokens),
    cache_read_input_tokens: sum((row) => row.cache_read_input_tokens),
    output_tokens: sum((row) => row.output_tokens),
    web_search_requests: sum((row) => row.server_tool_use.web_search_requests),
  };
}

/** Cents with six decimals, as whole micro-cents. */
function microCents(amounts: readonly string[]): bigint {
  for (const amount of amounts) expect(amount).toMatch(/^\d+\.\d{6}$/);
  return amounts.reduce((sum, amount) => sum + BigInt(amount.replace(".", "")), 0n);
}

describe("messages usage", () => {
  const { by_model, ...total } = truth.messages;

  it.each(CUTS.map((groupBy) => ({ groupBy })))("sums to the truth when cut by $groupBy", ({ groupBy }) => {
    const rows = messages(groupBy).flatMap(({ results }) => results);
    expect(tokensOf(rows)).toEqual(total);
  });

  it("sums to the truth model by model", () => {
    const rows = messages(["model"]).flatMap(({ results }) => results);
    for (const [model, tokens] of Object.entries(by_model)) {
      expect(tokensOf(rows.filter((row) => row.model === model))).toMatchObject(tokens);
    }
    expect(new Set(rows.map(({ model }) => model)).size).toBe(Object.keys(by_model).length);
  });

  it.each(["1h", "1m"] as const)("says the same of a day in buckets of %s", (width) => {
    const buckets = messages(["model"], width, DAY);
    expect(buckets).toHaveLength(width === "1h" ? 24 : 1440);
    expect(tokensOf(buckets.flatMap(({ results }) => results))).toEqual(
      tokensOf(messages([], "1d", DAY).flatMap(({ results }) => results)),
    );
  });

  it("gives one row for an ungrouped bucket with usage and none for an empty one", () => {
    const counts = messages([]).map(({ results }) => results.length);
    expect(new Set(counts)).toEqual(new Set([0, 1]));
  });

  it("shows every dimension, null unless grouped, and speed only when grouped", () => {
    const [row] = messages([], "1d", DAY)[0]?.results ?? [];
    expect(row).toMatchObject({
      account_id: null,
      api_key_id: null,
      context_window: null,
      inference_geo: null,
      model: null,
    });
    expect(row).toMatchObject({ service_account_id: null, service_tier: null, workspace_id: null });
    expect(row).not.toHaveProperty("speed");
    const speeds = messages(["speed"]).flatMap(({ results }) => results.map(({ speed }) => speed));
    expect(new Set(speeds)).toEqual(new Set(["standard", "fast"]));
  });

  it("has null for the default workspace, Playground and OAuth, and every tier, geography and context window", () => {
    const rows = messages(CUTS[1] ?? []).flatMap(({ results }) => results);
    expect(rows.some((row) => row.workspace_id === null && row.api_key_id === null)).toBe(true);
    expect(rows.some((row) => row.workspace_id === null && row.api_key_id !== null)).toBe(true);
    expect(new Set(rows.map((row) => row.service_tier))).toEqual(new Set(["standard", "batch", "priority"]));
    expect(new Set(rows.map((row) => row.inference_geo))).toEqual(new Set(["global", "us", "not_available"]));
    const people = messages(CUTS[2] ?? []).flatMap(({ results }) => results);
    expect(people.some((row) => row.account_id !== null)).toBe(true);
    expect(people.some((row) => row.service_account_id !== null)).toBe(true);
    expect(new Set(people.map((row) => row.context_window))).toEqual(new Set(["0-200k", "200k-1M"]));
  });

  it("filters by and-ing dimensions and or-ing their values", () => {
    const tiers = { service_tier: ["batch", "priority"], inference_geo: ["us"] };
    const filtered = tokensOf(messages([], "1d", WHOLE, tiers).flatMap(({ results }) => results));
    const rows = messages(["service_tier", "inference_geo"]).flatMap(({ results }) => results);
    const picked = rows.filter(
      (row) => tiers.service_tier.includes(row.service_tier ?? "") && row.inference_geo === "us",
    );
    expect(picked.length).toBeGreaterThan(0);
    expect(filtered).toEqual(tokensOf(picked));
  });

  it("does not list the rows of a bucket in their natural order", () => {
    const models = messages(["model"], "1d", DAY)[0]?.results.map(({ model }) => model) ?? [];
    expect(models).not.toEqual(models.toSorted((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1)));
  });
});

describe("the cost report", () => {
  const report = (groupBy: string[]) => world.costReport({ ...WHOLE, groupBy }, now).flatMap(({ results }) => results);

  it.each([[[]], [["workspace_id"]], [["description"]], [["workspace_id", "description"]]])(
    "sums to the truth when cut by %j",
    (groupBy) => {
      expect(usdText(microCents(report(groupBy).map(({ amount }) => amount)))).toBe(truth.cost_report.usd);
    },
  );

  it("sums to the truth by workspace and by type of cost", () => {
    const rows = report(["workspace_id", "description"]);
    expect(rows).toHaveLength(truth.cost_report.lines);
    for (const [workspace, usd] of Object.entries(truth.cost_report.by_workspace)) {
      const own = rows.filter(({ workspace_id }) => (workspace_id ?? "default") === workspace);
      expect(usdText(microCents(own.map(({ amount }) => amount)))).toBe(usd);
    }
    for (const [type, usd] of Object.entries(truth.cost_report.by_cost_type)) {
      const own = rows.filter(({ cost_type }) => cost_type === type);
      expect(usdText(microCents(own.map(({ amount }) => amount)))).toBe(usd);
    }
  });

  it("states each line once a day, with one description for one combination of parsed fields", () => {
    for (const { results } of world.costReport({ ...WHOLE, groupBy: ["workspace_id", "description"] }, now)) {
      const lines = results.map(({ workspace_id, description }) => `${workspace_id} ${description}`);
      expect(new Set(lines).size).toBe(lines.length);
    }
    const parsed = new Map<string, string>();
    for (const { description, amount: _, workspace_id: __, ...fields } of report(["workspace_id", "description"])) {
      const known = parsed.get(description ?? "");
      expect(known ?? JSON.stringify(fields)).toBe(JSON.stringify(fields));
      parsed.set(description ?? "", JSON.stringify(fields));
    }
  });

  it("prices the tokens of a plain line exactly, before and after a price change", () => {
    const readsOn = (day: string) => {
      const range = { from: Date.parse(day), to: Date.parse(day) + 86_400_000 };
      const tokens = messages(["workspace_id", "model", "service_tier", "speed", "context_window"], "1d", range)
        .flatMap(({ results }) => results)
        .find(
          (row) =>
            row.model === "claude-sonnet-5-5" &&
            row.service_tier === "standard" &&
            row.context_window === "0-200k" &&
            row.cache_read_input_tokens > 0,
        );
      const line = world
        .costReport({ ...range, groupBy: ["workspace_id", "description"] }, now)
        .flatMap(({ results }) => results)
        .find(
          (row) =>
            row.workspace_id === tokens?.workspace_id &&
            row.description === "Claude Sonnet 5.5 Usage - Input Tokens, Cache Hit",
        );
      return { tokens: BigInt(tokens?.cache_read_input_tokens ?? 0), microCents: microCents([line?.amount ?? ""]) };
    };
    const before = readsOn("2026-10-06");
    const after = readsOn("2026-10-08");
    // 0.20 and 0.10 dollars a million tokens are 20 and 10 micro-cents a token.
    expect(before.microCents).toBe(before.tokens * 20n);
    expect(after.microCents).toBe(after.tokens * 10n);
  });

  it("knows nothing of the priority tier", () => {
    expect(new Set(report(["description"]).map(({ service_tier }) => service_tier))).toEqual(
      new Set(["standard", "batch", null]),
    );
  });
});

describe("the Claude Code report", () => {
  const days = Array.from({ length: 21 }, (_, at) => new Date(WHOLE.from + at * 86_400_000).toISOString().slice(0, 10));
  const records = days.flatMap((day) => world.claudeCode(day, now));
  const models = records.flatMap((record) =>
    record.model_breakdown.map((row) => ({ ...row, customer: record.customer_type })),
  );
  const sum = <Row>(rows: readonly Row[], of: (row: Row) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);

  it("sums to the truth", () => {
    const actions = records.flatMap(({ tool_actions }) => Object.values(tool_actions));
    expect(truth.claude_code).toMatchObject({
      rows: records.length,
      model_rows: models.length,
      sessions: sum(records, ({ core_metrics }) => core_metrics.num_sessions),
      commits: sum(records, ({ core_metrics }) => core_metrics.commits_by_claude_code),
      pull_requests: sum(records, ({ core_metrics }) => core_metrics.pull_requests_by_claude_code),
      lines_added: sum(records, ({ core_metrics }) => core_metrics.lines_of_code.added),
      lines_removed: sum(records, ({ core_metrics }) => core_metrics.lines_of_code.removed),
      actions_accepted: sum(actions, ({ accepted }) => accepted),
      actions_rejected: sum(actions, ({ rejected }) => rejected),
      tokens: {
        input: sum(models, ({ tokens }) => tokens.input),
        output: sum(models, ({ tokens }) => tokens.output),
        cache_read: sum(models, ({ tokens }) => tokens.cache_read),
        cache_creation: sum(models, ({ tokens }) => tokens.cache_creation),
      },
    });
    const usd = (customer: string) =>
      usdText(
        BigInt(
          sum(
            models.filter((row) => row.customer === customer),
            ({ estimated_cost }) => estimated_cost.amount,
          ),
        ) * 1_000_000n,
      );
    expect(usd("api")).toBe(truth.claude_code.estimated_usd);
    expect(usd("subscription")).toBe(truth.claude_code.notional_usd);
  });

  it("counts the same people by day and in all", () => {
    const active = days.map((day) =>
      world
        .claudeCode(day, now)
        .flatMap(({ actor }) => (actor.type === "user_actor" ? [actor.email_address.toLowerCase()] : [])),
    );
    expect(days.map((day) => truth.claude_code.daily_active_users[day])).toEqual(
      active.map((people) => new Set(people).size),
    );
    expect(truth.claude_code.active_users).toBe(new Set(active.flat()).size);
  });

  it("has the very tokens of API customers in the Claude Code workspace", () => {
    const workspace = world.directory.workspaces.find(({ name }) => name === "Claude Code")?.id ?? "";
    const usage = tokensOf(messages([], "1d", WHOLE, { workspace_id: [workspace] }).flatMap(({ results }) => results));
    const api = models.filter(({ customer }) => customer === "api");
    expect(usage).toMatchObject({
      uncached_input_tokens: sum(api, ({ tokens }) => tokens.input),
      output_tokens: sum(api, ({ tokens }) => tokens.output),
      cache_read_input_tokens: sum(api, ({ tokens }) => tokens.cache_read),
    });
    // What remains between estimate and bill: rounding to cents, US-only inference, web searches.
    const billed = Number(truth.cost_report.by_workspace[workspace]);
    expect(Math.abs(Number(truth.claude_code.estimated_usd) / billed - 1)).toBeLessThan(0.02);
  });
});

describe("the analytics reports", () => {
  const ask = (
    groupBy: string[],
    width: AnalyticsQuery["width"] = "1d",
    filters: Record<string, string[]> = {},
  ): AnalyticsQuery => ({
    ...WHOLE,
    width,
    groupBy,
    filters,
    excludeDeletedUsers: false,
  });
  const later = now + 4 * 3_600_000;

  it.each([
    [[], null],
    [["actor", "product", "model"], "1d"],
    [["workspace_id", "api_key_id", "service_tier"], "1h"],
  ] as const)("count the same tokens and requests cut by %j in %s", (groupBy, width) => {
    const rows = world.analyticsUsage(ask([...groupBy], width), later);
    expect(rows.reduce((sum, { usage }) => sum + usage.total_tokens, 0)).toBe(truth.analytics.total_tokens);
    expect(rows.reduce((sum, { usage }) => sum + (usage.requests ?? 0), 0)).toBe(truth.analytics.requests);
  });

  it.each([
    [[], null],
    [["actor", "cost_type", "token_type"], "1d"],
    [["api_key_id", "model"], "1h"],
  ] as const)("cost the same cut by %j in %s", (groupBy, width) => {
    const rows = world.analyticsCost(ask([...groupBy], width), later);
    expect(usdText(microCents(rows.map(({ cost }) => cost.list_amount)))).toBe(truth.analytics.list_usd);
    expect(usdText(microCents(rows.map(({ cost }) => cost.amount)))).toBe(truth.analytics.amount_usd);
  });

  it("agree with the legacy reports on tokens, and on list price to a thousandth of a cent", () => {
    const { by_model: _, web_search_requests: __, ...tokens } = truth.messages;
    expect(truth.analytics.total_tokens).toBe(Object.values(tokens).reduce((sum, count) => sum + count, 0));
    expect(Math.abs(Number(truth.analytics.list_usd) - Number(truth.cost_report.usd))).toBeLessThan(0.00001);
    expect(Number(truth.analytics.amount_usd) / Number(truth.analytics.list_usd)).toBeCloseTo(0.9, 8);
  });

  it("have all twenty dimensions, null unless grouped, and no empty row", () => {
    const [row, ...others] = world.analyticsUsage(ask([], null), later);
    expect(others).toEqual([]);
    expect(Object.values(row?.group ?? {})).toEqual(Array.from({ length: 20 }, () => null));
    const cost = world.analyticsCost(ask(["cost_type"]), later);
    expect(Object.keys(cost[0]?.group ?? {})).toHaveLength(22);
    expect(cost.every(({ cost: { requests, list_amount } }) => requests === null && list_amount !== "0.000000")).toBe(
      true,
    );
  });

  it("name people, service accounts and keys, and say who is gone", () => {
    const actors = world.analyticsUsage(ask(["actor"], null), later).map(({ group }) => group["actor"]);
    const listed = world.directory.users.map(({ id }) => id);
    for (const type of ["user_actor", "service_account_actor", "api_actor"])
      expect(actors).toContainEqual(expect.objectContaining({ type }));
    expect(actors).toContainEqual(
      expect.objectContaining({
        type: "user_actor",
        deleted: true,
        user_id: expect.not.stringMatching(listed.join("|")),
      }),
    );
    const present = world.analyticsUsage({ ...ask(["actor"], null), excludeDeletedUsers: true }, later);
    expect(present.length).toBeLessThan(actors.length);
  });

  it("use the real id of the default workspace and null for no geography", () => {
    const rows = world.analyticsUsage(ask(["workspace_id", "inference_geo"], null), later);
    expect(rows.some(({ group }) => group["workspace_id"] === world.directory.defaultWorkspaceId)).toBe(true);
    expect(new Set(rows.map(({ group }) => group["inference_geo"]))).toEqual(new Set(["global", "us", null]));
    const [without] = world.analyticsUsage(ask([], null, { inference_geo: ["not_available"] }), later);
    const old = rows.filter(({ group }) => group["inference_geo"] === null);
    expect(without?.usage.total_tokens).toBe(old.reduce((sum, { usage }) => sum + usage.total_tokens, 0));
  });
});
