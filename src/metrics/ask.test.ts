import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepRecords, openTestStore, ORGANIZATION } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import {
  activityRow,
  analyticsCostRow,
  analyticsUsageRow,
  costRow,
  messagesRow,
} from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import { setActorOwner } from "../store/index.ts";
import { ask } from "./ask.ts";
import type { Answer, Question } from "./types.ts";

const D1 = parseDay("2026-10-05");
const TODAY = D1 + 400;
const NOW = TODAY * DAY_MS;
const BIG = 9_000_000_000_000_000;

/** Each part of a tenant's year has days of its own, so that one store serves every question. */
async function fillStore(test: TestStore): Promise<void> {
  // Messages usage: two days, cut two ways; the cuts agree on the first day only.
  await keepRecords(test, "usage_total", [messagesRow(D1, {}, { uncached: 100, output: 40, read: 60, write5m: 20 })]);
  await keepRecords(test, "usage_by_key", [
    messagesRow(D1, { model: "claude-opus-5-5", api_key_id: "apikey_1" }, { uncached: 70, output: 40 }),
    messagesRow(D1, { model: "claude-sonnet-5-5", workspace_id: "w" }, { uncached: 30, read: 60, write5m: 20 }),
    messagesRow(D1 + 1, { model: "claude-unheard-of" }, { uncached: 5 }),
  ]);
  await keepRecords(test, "usage_by_person", [
    messagesRow(D1, { account_id: "user_1", speed: "fast" }, { uncached: 60, output: 40, read: 60, write5m: 20 }),
    messagesRow(D1, { service_account_id: "svac_1" }, { uncached: 30 }),
    messagesRow(D1, { model: "claude-opus-5-5" }, { uncached: 10 }),
  ]);
  for (const stream of ["usage_total", "usage_by_key", "usage_by_person"]) await cover(test, stream, D1, D1 + 2);
  // The cost report over ten days, analytics over the first three of them.
  await keepRecords(test, "cost_report", [
    costRow(D1, { description: "a", model: "claude-opus-5-5" }, "100"),
    costRow(D1 + 5, { description: "b", workspace_id: "w" }, "0.0000000001"),
    costRow(D1 + 20, { description: "euros" }, "100", "EUR"),
  ]);
  await cover(test, "cost_report", D1, D1 + 9);
  await cover(test, "cost_report", D1 + 20, D1 + 20);
  await keepRecords(test, "analytics_cost", [
    analyticsCostRow(D1, { model: "claude-opus-5-5", product: "claude_code" }, "80", "90"),
    analyticsCostRow(D1, { model: "claude-opus-5-5", product: "chat" }, "10.5", "10.5"),
  ]);
  await keepRecords(test, "analytics_usage", [analyticsUsageRow(D1, { product: "chat" }, { uncached: 7 }, 12)]);
  for (const stream of ["analytics_cost", "analytics_usage"]) await cover(test, stream, D1, D1 + 2);
  await cover(test, "analytics_cost", D1 + 20, D1 + 20);
  await cover(test, "analytics_cost", D1 + 60, D1 + 61);
  // Rows that came with other days than their own: no window covers these.
  await keepRecords(test, "cost_report", [costRow(D1 - 420, { description: "stray" }, "42")]);
  await keepRecords(test, "analytics_usage", [analyticsUsageRow(D1 - 420, { product: "chat" }, { uncached: 7 }, 0)]);
  // Claude Code: a gap on the second day, the last day read the morning after.
  await keepRecords(test, "claude_code", [
    activityRow(D1, { actor: "a@x.io", sessions: 3, commits: 2, models: [["claude-opus-5-5", 10, 600]] }),
    activityRow(D1, {
      actor: "a@x.io",
      customerType: "subscription",
      commits: 5,
      models: [["claude-opus-5-5", 9, 70]],
    }),
    activityRow(D1 + 2, { actor: "bot", sessions: BIG, models: [["claude-haiku-5-5", BIG, BIG / 10_000_000_000]] }),
    activityRow(D1 + 2, { actor: "bot", terminal: "ci", sessions: BIG, models: [["claude-haiku-5-5", BIG, 1]] }),
    activityRow(D1 + 30, { actor: "b@x.io", models: [["claude-opus-5-5", 1, 5, "EUR"]] }),
    activityRow(D1 + 40, { actor: "c@x.io", sessions: 4, models: [] }),
  ]);
  const bare = activityRow(D1 + 50, { actor: "d@x.io", terminal: "ssh", sessions: 5 });
  const missing = { ...bare, data: { ...bare.data, model_breakdown: null } };
  await keepRecords(test, "claude_code", [missing], ORGANIZATION, "kept");
  await keepRecords(test, "claude_code", [
    activityRow(D1 + 50, { actor: "d@x.io", sessions: 1, models: [["claude-opus-5-5", 10, 200]] }),
    activityRow(D1 + 50, { actor: "d@x.io", terminal: "tmux", sessions: 2, models: [] }),
    activityRow(D1 + 50, { actor: "z@x.io", sessions: 3, models: [["claude-opus-5-5", 0, 0]] }),
  ]);
  await cover(test, "claude_code", D1, D1);
  await cover(test, "claude_code", D1 + 2, D1 + 2);
  await cover(test, "claude_code", D1 + 30, D1 + 40, 1);
}

describe.each(engines)("an answer on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await fillStore(test);
  });
  afterAll(() => test.close());

  const text = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  const put = (metric: string, more: Partial<Question> = {}, from = D1, to = D1): Promise<Answer> =>
    ask(test.store, test.scope, { metric, from: text(from), to: text(to), ...more }, NOW);
  const where = (dimension: string, value: string | null) => ({ where: [{ dimension, value }] });
  const codes = (answer: Answer) => answer.warnings.map((warning) => warning.code);

  it("takes totals from the unsplit report and a split from the cut that has the dimension", async () => {
    expect(await put("tokens")).toMatchObject({ total: { value: 220 }, source: ["usage_total"] });
    const byModel = await put("tokens", { by: ["model"] });
    expect(byModel.source).toEqual(["usage_by_key"]);
    expect(byModel.rows).toEqual([
      { model: "claude-opus-5-5", value: 110, source: "usage_by_key" },
      { model: "claude-sonnet-5-5", value: 110, source: "usage_by_key" },
    ]);
    expect(codes(byModel)).toEqual([]);
    expect((await put("tokens", { by: ["speed"] })).source).toEqual(["usage_by_person"]);
    const types = await put("tokens", { by: ["token_type"], ...where("token_type", "output_tokens") });
    expect(types.rows).toEqual([{ token_type: "output_tokens", value: 40, source: "usage_total" }]);
  });

  it("says when a split or a population comes from another source than the unsplit total", async () => {
    for (const more of [{ by: ["person"] }, { population: "humans" }, where("customer_type", "api")] as const) {
      const answer = await put("tokens", more);
      expect(answer.source).toEqual(["claude_code"]);
      expect(codes(answer)).toContain("other_source");
    }
    expect(codes(await put("tokens"))).toEqual([]);
    expect(codes(await put("tokens", { source: "claude_code" }))).toEqual([]);
    expect(codes(await put("cost", { by: ["person"] }))).toEqual([]);
  });

  it("refuses an option that would change nothing, and says when a grain is ignored", async () => {
    for (const [metric, more, field] of [
      ["cost", { activeRule: "token" }, "active-rule"],
      ["cost", { denominator: "roster" }, "denominator"],
      ["tokens", { kind: "net" }, "kind"],
      ["cost_generation_gap", { kind: "list" }, "kind"],
    ] as const) {
      await expect(put(metric, more)).rejects.toMatchObject({ code: "input.invalid", facts: { field } });
    }
    expect(codes(await put("dau", { grain: "week" }))).toEqual(["option_ignored"]);
    expect(codes(await put("dau", { grain: "day" }))).toEqual([]);
  });

  it("refuses days after today, and ends a range today that only ends later", async () => {
    for (const [more, field] of [
      [{ from: text(TODAY + 1), to: text(TODAY + 9) }, "from"],
      [{ from: undefined, to: text(TODAY + 1) }, "to"],
      [{ asOf: text(TODAY + 1) }, "as-of"],
    ] as const) {
      const problem = expect.stringContaining("is after today") as string;
      await expect(put("cost", more)).rejects.toMatchObject({ code: "input.invalid", facts: { field, problem } });
    }
    const cut = await put("cost", {}, TODAY - 1, TODAY + 5);
    expect(cut.range).toMatchObject({ from: text(TODAY - 1), to: text(TODAY) });
    expect(codes(cut)).toContain("range_cut");
    expect(codes(await put("cost", {}, TODAY - 1, TODAY))).not.toContain("range_cut");
  });

  it("tells the first day that is held, before which only a backfill helps", async () => {
    expect((await put("tokens", {}, D1 - 3, D1)).coverage).toMatchObject({ heldFrom: text(D1), covered: 1 });
  });

  it("marks a day that was read before it was over", async () => {
    await cover(test, "claude_code", D1 + 69, D1 + 69, -0.5);
    for (const metric of ["sessions", "dau"]) {
      const { rows } = await put(metric, { grain: "day" }, D1 + 69, D1 + 69);
      expect(rows).toMatchObject([{ value: 0, partial: true }]);
    }
    expect((await put("sessions", { grain: "day" })).rows[0]).not.toHaveProperty("partial");
  });

  it("says when a cut does not add up, and keeps the unsplit total", async () => {
    const answer = await put("tokens", { by: ["model"] }, D1, D1 + 1);
    expect(answer.total.value).toBe(220);
    expect(answer.rows.reduce((sum, row) => sum + Number(row.value), 0)).toBe(225);
    expect(codes(answer)).toContain("cut_disagrees");
    expect(answer.unpriced).toEqual({ models: ["claude-unheard-of"], tokens: 5 });
  });

  it("refuses dimensions of two cuts together, and those a metric does not have", async () => {
    await expect(put("tokens", { by: ["api_key", "speed"] })).rejects.toMatchObject({
      code: "input.dimensions_apart",
      facts: { first: "api_key", second: "speed" },
    });
    await expect(put("sessions", { by: ["model"] })).rejects.toMatchObject({
      code: "input.dimension_not_available",
      hint: expect.stringContaining("terminal") as string,
    });
    await expect(put("cost", { by: ["workspace"] })).rejects.toMatchObject({
      code: "input.dimension_not_available",
      hint: expect.stringContaining("--kind list or net") as string,
    });
    await expect(put("active_users", { by: ["model", "terminal", "tool"] })).rejects.toMatchObject({
      code: "input.dimensions_apart",
    });
  });

  it("gives null for a population that the source cannot tell, never 0", async () => {
    const answer = await put("cost", { kind: "net", population: "humans" }, D1 + 4, D1 + 6);
    expect(answer.total).toMatchObject({ value: null, reason: "not_reported_by_source" });
    expect(answer.rows).toMatchObject([{ value: null, reason: "not_reported_by_source" }]);
    const people = await put("input_tokens", { source: "messages", by: ["population"] });
    expect(people.rows.map((row) => [row["population"], row.value])).toEqual([
      ["humans", 60],
      ["service", 30],
      ["unmapped", 10],
    ]);
  });

  it("reads net and list from analytics where they cover the range, else the cost report with a caveat", async () => {
    expect(await put("cost", { kind: "net" }, D1, D1 + 2)).toMatchObject({
      total: { value: "0.905" },
      source: ["analytics_cost"],
      warnings: [],
    });
    const report = await put("cost", { kind: "net" }, D1, D1 + 9);
    expect(report).toMatchObject({ total: { value: "1.000000000001" }, source: ["cost_report"] });
    expect(codes(report)).toContain("net_or_list_unknown");
    expect((await put("cost", { kind: "list" })).total.value).toBe("1.005");
    expect((await put("requests")).total.value).toBe(12);
    expect((await put("tokens", { by: ["product"] })).rows).toMatchObject([
      { product: "chat", source: "analytics_usage" },
    ]);
  });

  it("reads net cost from the source that is named, and offers only those it takes", async () => {
    const named = await put("cost", { kind: "net", source: "cost_report" }, D1, D1 + 2);
    expect(named).toMatchObject({ total: { value: "1.00" }, source: ["cost_report"] });
    const refused = put("cost", { kind: "net", source: "messages" });
    await expect(refused).rejects.toMatchObject({ facts: { choices: "analytics, cost_report" } });
    await expect(put("tokens", { source: "cost_report" })).rejects.toMatchObject({ code: "input.unknown_value" });
  });

  it("reads net cost from the cost report unless analytics cover the range, also where nothing was collected", async () => {
    // A row dated outside its window: kept under its own date, which no window covers.
    const stray = await put("cost", { kind: "net" }, D1 - 420, D1 - 420);
    expect(stray).toMatchObject({ total: { value: "0.42" }, source: ["cost_report"], completeThrough: null });
    expect(codes(stray)).toEqual(["net_or_list_unknown", "incomplete"]);
    const nothing = await put("cost", { kind: "net" }, D1 - 300, D1 - 299);
    expect(nothing).toMatchObject({ total: { value: null, reason: "not_collected_yet" }, source: ["cost_report"] });
    // Analytics have its first two days, nobody the third.
    const gaps = await put("cost", { kind: "net" }, D1 + 60, D1 + 62);
    expect(gaps).toMatchObject({ source: ["cost_report"], coverage: { covered: 0 } });
  });

  it("does not change the source because a range holds today, which nobody has whole", async () => {
    const { store, scope } = test;
    const question = { metric: "cost", kind: "net", from: text(D1), to: text(D1 + 3) } as const;
    const today = await ask(store, scope, question, (D1 + 3) * DAY_MS);
    expect(today).toMatchObject({ total: { value: "0.905" }, source: ["analytics_cost"], coverage: { covered: 3 } });
    const later = await ask(store, scope, question, (D1 + 4) * DAY_MS);
    expect(later).toMatchObject({ total: { value: "1.00" }, source: ["cost_report"] });
  });

  it("shows a 0 that a row of an uncovered day says, and null where there is no row", async () => {
    const stray = await put("requests", { grain: "day" }, D1 - 420, D1 - 419);
    expect(stray.rows.map((row) => [row.value, row.reason])).toEqual([
      [0, undefined],
      [null, "not_collected_yet"],
    ]);
    expect(stray.total).toMatchObject({ value: 0 });
    expect(stray.coverage.missing).toHaveLength(1);
    expect(codes(stray)).toContain("incomplete");
  });

  it("keeps the kinds apart, and divides a kind's cost by the output of its own rows", async () => {
    expect((await put("cost")).total.value).toBe("6.00");
    expect((await put("cost", { kind: "notional" })).total.value).toBe("0.70");
    const perCommit = await put("cost_per_commit");
    expect(perCommit.total).toMatchObject({ value: "3.00", parts: { commits: 2 } });
    expect(perCommit.warnings).toContainEqual({
      code: "rest_left_out",
      message: "5 commits of subscription use are left out: their rows carry no estimated cost.",
    });
    expect((await put("cost_per_commit", { kind: "notional" })).total.value).toBe("0.14");
    expect((await put("cost_per_commit", { kind: "net" })).total.value).toBe("0.40");
    expect((await put("cost_per_active_user")).total.value).toBe("6.00");
  });

  it("tells a gap from an idle day", async () => {
    const answer = await put("sessions", { grain: "day", ...where("terminal", "vscode") }, D1, D1 + 1);
    expect(answer.rows.map((row) => [row.value, row.reason])).toEqual([
      [4, undefined],
      [null, "not_collected_yet"],
    ]);
    expect(answer).toMatchObject({
      completeThrough: text(D1),
      coverage: { days: 2, covered: 1, partial: 0, missing: [{ from: text(D1 + 1), to: text(D1 + 1) }] },
    });
    const idle = await put("sessions", { grain: "week" }, D1 + 31, D1 + 38);
    expect(idle.rows.map((row) => [row["week"], row.value])).toEqual([
      ["2026-11-02", 0],
      ["2026-11-09", 0],
    ]);
    expect(idle.rows.every((row) => row.provisional)).toBe(true);
    const dau = await put("dau", {}, D1, D1 + 2);
    expect(dau.rows.map((row) => row.value)).toEqual([1, null, 0]);
    expect(dau.total).toMatchObject({ value: 0, average: 0.5 });
  });

  it("shows where the two generations differ, on the days that both cover and nowhere else", async () => {
    const gap = await put("tokens_generation_gap", { grain: "day" }, D1, D1 + 3);
    expect(gap.rows.map((row) => [row.value, row.reason])).toEqual([
      [213, undefined],
      [0, undefined],
      [0, undefined],
      [null, "not_collected_yet"],
    ]);
    expect(gap).toMatchObject({
      total: { value: 213, parts: { usage_total: 220, analytics_usage: 7 } },
      source: ["usage_total", "analytics_usage"],
      coverage: { covered: 3 },
      kind: null,
    });
    const net = await put("cost_generation_gap", {}, D1, D1 + 9);
    // The cost report's line of the sixth day stands on no day that the cost analytics cover.
    expect(net.total).toMatchObject({ value: "0.095", parts: { cost_report: "1.00", analytics_cost: "0.905" } });
    expect(codes(net)).toEqual(["net_or_list_unknown", "incomplete"]);
    const list = await put("list_cost_generation_gap", { by: ["organization"] });
    expect(list.rows).toMatchObject([{ organization: ORGANIZATION, value: "-0.005" }]);
  });

  it("gives null for a gap of which one side says nothing, and takes no source for it", async () => {
    const alone = await put("cost_generation_gap", { by: ["organization"] }, D1 + 5, D1 + 5);
    expect(alone.total).toMatchObject({ value: null, reason: "not_collected_yet" });
    expect(alone.rows).toMatchObject([{ value: null, reason: "not_collected_yet" }]);
    const people = await put("tokens_generation_gap", { population: "humans" });
    expect(people.total).toMatchObject({ value: null, reason: "not_reported_by_source" });
    await expect(put("tokens_generation_gap", { source: "messages" })).rejects.toMatchObject({
      code: "input.unknown_value",
    });
  });

  it("says that nothing was collected instead of 0", async () => {
    for (const metric of ["cost", "tokens", "accept_rate", "active_users", "mau", "adoption_rate", "model_mix"]) {
      const { total } = await put(metric, {}, D1 + 200, D1 + 210);
      expect([metric, total.value, total.reason]).toEqual([metric, null, "not_collected_yet"]);
    }
  });

  it("keeps sums exact beyond what 64 bits of pico-dollars and doubles hold", async () => {
    expect((await put("sessions", {}, D1 + 2, D1 + 2)).total.value).toBe((2n * BigInt(BIG)).toString());
    expect((await put("cost", {}, D1 + 2, D1 + 2)).total.value).toBe("9000.01");
  });

  it("does not add another currency to dollars", async () => {
    expect((await put("cost", {}, D1 + 30, D1 + 30)).total).toMatchObject({ value: null, reason: "mixed_currency" });
    const lines = await put("cost", { kind: "net", by: ["description"] }, D1 + 20, D1 + 20);
    expect(lines.rows).toMatchObject([{ description: "euros", value: null, reason: "mixed_currency" }]);
    const gap = await put("cost_generation_gap", {}, D1 + 20, D1 + 20);
    expect(gap.total).toEqual({ value: null, reason: "mixed_currency", source: "cost_report + analytics_cost" });
  });

  it("tells of sessions that came without a breakdown: their cost is unknown", async () => {
    const answer = await put("cost", {}, D1 + 40, D1 + 40);
    expect(answer.warnings).toContainEqual(
      expect.objectContaining({ code: "breakdown_missing", message: expect.stringContaining("4 sessions") as string }),
    );
  });

  it("finds a row without a breakdown beside a good one of the same actor and day, and leaves a real 0 alone", async () => {
    const answer = await put("cost", {}, D1 + 50, D1 + 50);
    expect(answer.total.value).toBe("2.00");
    const told = answer.warnings.filter(({ code }) => code === "breakdown_missing");
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining("2 activity rows (7 sessions)")]);
  });

  it("moves a key's figures to its owner once one is set", async () => {
    const before = await put("sessions", { by: ["population"] }, D1 + 2, D1 + 2);
    expect(before.rows.map((row) => row["population"])).toEqual(["unmapped"]);
    expect(before.unmapped).toMatchObject({ actors: 1, names: ["key: bot"], share: 1 });
    await test.store.write((tx) =>
      setActorOwner(tx, test.scope, { actor: "key:bot", kind: "service", personId: null, service: "farm" }),
    );
    const after = await put("sessions", { by: ["population", "person"] }, D1 + 2, D1 + 2);
    expect(after.rows).toMatchObject([{ population: "service", person: "service: farm" }]);
    expect(after.unmapped.actors).toBe(0);
    expect((await put("active_users", { population: "service" }, D1 + 2, D1 + 2)).total.value).toBe(1);
  });

  it("gives the share of unclaimed keys as 0 when none is unclaimed, and null only where there is nothing to share", async () => {
    const none = { actors: 0, names: [] };
    expect((await put("sessions")).unmapped).toEqual({ ...none, value: 0, share: 0 });
    expect((await put("cost", { population: "humans" })).unmapped).toEqual({ ...none, value: "0.00", share: 0 });
    const idle = await put("sessions", {}, D1 + 31, D1 + 32);
    expect(idle.unmapped).toEqual({ ...none, value: 0, share: null, reason: "zero_denominator" });
    const foreign = await put("cost", {}, D1 + 30, D1 + 30);
    expect(foreign.unmapped).toEqual({ ...none, value: "0.00", share: null, reason: "mixed_currency" });
  });

  it("counts people by terminal, model and customer type from the rows", async () => {
    const byType = await put("active_users", { by: ["customer_type"] });
    expect(byType.rows.map((row) => [row["customer_type"], row.value])).toEqual([
      ["api", 1],
      ["subscription", 1],
    ]);
    expect(byType.total.value).toBe(1);
    expect((await put("active_users", where("model", "claude-opus-5-5"))).total.value).toBe(1);
    expect((await put("active_users", where("model", "claude-haiku-5-5"))).total.value).toBe(0);
  });

  it("warns of a value that no row has", async () => {
    const answer = await put("sessions", where("terminal", "vscoed"));
    expect(answer.total.value).toBe(0);
    expect(codes(answer)).toContain("no_such_value");
  });

  it("covers the 30 days that end at the last complete day unless told otherwise", async () => {
    const answer = await ask(test.store, test.scope, { metric: "sessions" }, NOW);
    expect(answer.range).toMatchObject({ from: text(D1 + 11), to: text(D1 + 40) });
    expect(answer.completeThrough).toBe(text(D1 + 40));
    await expect(put("sessions", {}, D1 + 1, D1)).rejects.toThrow("is after to");
    await expect(put("sessions", { from: "2026-02-30" })).rejects.toThrow("is not a day");
  });

  it.each([
    ["sessions", "person"],
    ["cost", "model"],
    ["tokens", "model"],
    ["tokens", "token_type"],
    ["commits", "customer_type"],
  ])("breaks %s down by %s into parts that add up, by day too", async (metric, dimension) => {
    const total = BigInt(Math.round(Number((await put(metric)).total.value) * 100));
    for (const grain of [undefined, "day", "month"] as const) {
      const { rows } = await put(metric, { by: [dimension], grain });
      const sum = rows.reduce((all, row) => all + BigInt(Math.round(Number(row.value) * 100)), 0n);
      expect(sum).toBe(total);
    }
  });
});
