import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import type { Caller } from "../../src/access/index.ts";
import type { Scope } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { streams } from "../../src/source/index.ts";
import { openTestStore } from "../support/metrics-store.ts";
import type { TestStore } from "../support/metrics-store.ts";
import { testRandom } from "../support/bursar.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

const RANGE = { from: "2026-11-04", to: "2026-11-05" };

describe("the pages of money on the worked example", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore("sqlite");
    await keepWorkedExample(test);
  });
  afterAll(() => test.close());

  /** What these operations use of a context; anything else is missing and fails loudly. */
  const contextOf = (more: Partial<OperationContext> = {}): OperationContext => {
    const used: Partial<OperationContext> = {
      store: test.store,
      scope: test.scope,
      clock: { now: () => Date.parse("2026-12-20T08:00:00Z") } as OperationContext["clock"],
      caller: operatorCaller("cli"),
      random: testRandom,
      streams,
      ...more,
    };
    return used as OperationContext;
  };
  const asTeams = (): Scope => ({ ...test.scope, privacy: { mode: "teams", minimumGroup: 5 } });
  const callerOf = (id: string): Caller => ({ ...operatorCaller(id), id, kind: "account", name: id });

  it("summarizes metrics beside the equal-length period before", async () => {
    const metrics = ["cost", "accept_rate", "active_users", "cost:net"];
    const found = await runOperation(contextOf(), await catalog.summary(), { metrics, ...RANGE });
    const [cost, rate, users, net] = found.metrics;
    expect(cost).toMatchObject({ value: "2.00", previous: { value: "8.00" }, state: "complete", kind: "estimated" });
    expect(cost!.change).toEqual({
      kind: "amount",
      absolute: "-6.00",
      relative: -0.75,
      direction: "down",
      isNew: false,
    });
    expect(cost!.sparkline!.points.map(({ at, value }) => [at, value])).toEqual([
      ["2026-11-04", "0.00"],
      ["2026-11-05", "2.00"],
    ]);
    // 6 of 10 now, 38 of 43 before.
    expect(rate).toMatchObject({ value: 0.6, lowSample: true, parts: { accepted: 6, rejected: 4 } });
    expect(rate!.change!.kind).toBe("points");
    expect(rate!.change!.absolute).toBeCloseTo(0.6 - 38 / 43, 12);
    expect(users).toMatchObject({ value: 2, previous: { value: 2 } });
    expect(net).toMatchObject({ value: null, reason: "not_collected_yet", state: "missing", previous: null });
  });

  it("compares with nothing where the period before is not held", async () => {
    const input = { metrics: "cost", from: "2026-11-02", to: "2026-11-06" };
    const [cost] = (await runOperation(contextOf(), await catalog.summary(), input)).metrics;
    expect(cost).toMatchObject({ value: "10.00", previous: null, change: null });
    expect(cost!.previousReason).toBe("comparison period not available");
  });

  it("answers the same with conditions as text, and says which metric they do not fit", async () => {
    const where = ["model=claude-opus-5-5"];
    const found = await runOperation(contextOf(), await catalog.summary(), {
      metrics: ["cost", "adoption_rate"],
      where,
      from: "2026-11-02",
      to: "2026-11-06",
    });
    expect(found.metrics[0]!.value).toBe("5.10");
    expect(found.metrics[1]).toMatchObject({ value: null, unavailable: expect.stringMatching(/cannot be split/) });
  });

  it("explains a change to the last cent, by each dimension", async () => {
    const input = { metric: "cost", by: ["person", "model_family", "workspace"], ...RANGE };
    const { dimensions } = await runOperation(contextOf(), await catalog.explainChange(), input);
    const [person, family, workspace] = dimensions;
    expect(person!.contributions.map(({ key, difference }) => [key, difference])).toEqual([
      ["key: ci-bot", "-4.00"],
      ["ann@x.io", "-3.60"],
      ["bob@x.io", "1.60"],
    ]);
    expect(family!.contributions.map(({ key, difference }) => [key, difference])).toEqual([
      ["sonnet", "-4.90"],
      ["opus", "-1.10"],
    ]);
    expect(workspace!.unavailable).toMatch(/cannot be split by workspace/);
  });

  it("explains only what adds up", async () => {
    const input = { metric: "accept_rate", by: ["team"], ...RANGE };
    await expect(runOperation(contextOf(), await catalog.explainChange(), input)).rejects.toThrow(/do not add up/);
  });

  it("answers the page of spend", async () => {
    const input = { from: "2026-11-02", to: "2026-11-06" };
    const found = await runOperation(contextOf(), await catalog.spend(), input);
    expect(found.total.value).toBe("10.00");
    expect(found.series!.members.map(({ key, total }) => [key, total])).toEqual([
      ["opus", "5.10"],
      ["sonnet", "4.90"],
      ["haiku", "0.00"],
    ]);
    expect(found.series!.points.map(({ total }) => total)).toEqual(["3.90", "4.10", "0.00", "2.00", "0.00"]);
    expect(found.tables.person!.rows.map(({ key, value }) => [key, value])).toEqual([
      ["key: ci-bot", "4.00"],
      ["ann@x.io", "3.60"],
      ["bob@x.io", "2.40"],
      ["cy@x.io", "0.00"],
    ]);
    expect(found.attribution).toEqual({ unmappedUsd: "4.00", unmappedShare: 0.4, keys: 1, reason: null });
    expect(found.concentration).toMatchObject({ people: 3, topShare: null, reason: "below_minimum_sample" });
    // 5.10 dollars over 93,700 tokens of opus.
    const opus = found.effectivePrices.find(({ model }) => model === "claude-opus-5-5")!;
    expect(opus).toMatchObject({ costUsd: "5.10", tokens: 93_700, perMillionUsd: "54.429028815368" });
    expect(found.premiumShare).toMatchObject({ family: "opus", costUsd: "5.10", share: 0.51 });
    expect(found.cacheSaving).toMatchObject({ lifetimeAssumed: true });
    expect(found.cacheSaving!.hitRate).toBeCloseTo(190_000 / 230_000, 12);
    const kinds = found.reconciliation.kinds.map(({ kind, valueUsd }) => [kind, valueUsd]);
    expect(kinds).toEqual([
      ["estimated", "10.00"],
      ["list", null],
      ["net", null],
      ["notional", "0.00"],
    ]);
  });

  it("tells who or what spent the most, and what the others come to", async () => {
    const input = { from: "2026-11-02", to: "2026-11-06", most: 2 };
    const { range, table } = await runOperation(contextOf(), await catalog.spendBy(), { ...input, by: "person" });
    expect(range).toEqual({ from: "2026-11-02", to: "2026-11-06" });
    expect(table.rows.map(({ key, value, share }) => [key, value, share])).toEqual([
      ["key: ci-bot", "4.00", 0.4],
      ["ann@x.io", "3.60", 0.36],
    ]);
    expect(table.rest).toEqual({ members: 2, value: "2.40" });
    const whole = await runOperation(contextOf(), await catalog.spend(), { from: input.from, to: input.to });
    const teams = await runOperation(contextOf(), await catalog.spendBy(), { ...input, by: "team", most: 50 });
    expect(teams.table).toEqual(whole.tables.team);
    const overTime = await runOperation(contextOf(), await catalog.spendBy(), { ...input, by: "model", grain: "day" });
    expect(overTime.series!.points.map(({ total }) => total)).toEqual(["3.90", "4.10", "0.00", "2.00", "0.00"]);
    expect(overTime).toMatchObject({ coverage: { days: 5, covered: 5 }, state: "complete" });
    const hidden = await runOperation(contextOf({ scope: asTeams() }), await catalog.spendBy(), {
      ...input,
      by: "person",
    });
    expect(hidden.table).toMatchObject({ rows: [], unavailable: expect.stringMatching(/not shown to you/) });
    const unknown = runOperation(contextOf(), await catalog.spendBy(), { ...input, by: "colour" });
    await expect(unknown).rejects.toMatchObject({ code: "input.unknown_value" });
  });

  it("names nobody to whom people appear as teams", async () => {
    const context = contextOf({ scope: asTeams() });
    const found = await runOperation(context, await catalog.spend(), RANGE);
    expect(found.tables.person).toBeNull();
    const input = { metric: "cost", by: ["person", "team"], ...RANGE };
    const { dimensions } = await runOperation(context, await catalog.explainChange(), input);
    expect(dimensions[0]).toMatchObject({ contributions: [], unavailable: expect.stringMatching(/not shown to you/) });
    const overview = await runOperation(context, await catalog.overview(), RANGE);
    const insights = await runOperation(context, await catalog.listInsights(), RANGE);
    expect(JSON.stringify([found, dimensions, overview, insights])).not.toMatch(/@x\.io/i);
  });

  it("never takes what is hidden for zero, for new or for gone", async () => {
    const context = contextOf({ scope: { ...test.scope, privacy: { mode: "teams", minimumGroup: 2 } } });
    const input = { from: "2026-11-02", to: "2026-11-06" };
    const asked = { ...input, by: "model", most: 1, grain: "day" as const };
    const { table, series } = await runOperation(context, await catalog.spendBy(), asked);
    expect(table.rows.map(({ key, value }) => [key, value])).toEqual([["claude-sonnet-5-5", "4.90"]]);
    expect(table.rest).toEqual({ members: 2, value: null });
    expect(series!.members.map(({ total }) => total)).toEqual(["4.90", null, null]);
    expect(series!.points[0]).toMatchObject({ values: ["0.90", null, null], total: null });
    const spend = await runOperation(context, await catalog.spend(), input);
    expect(spend.tables.model.rows[0]).toMatchObject({ previous: null, change: null });
    expect(spend.cacheSaving).toMatchObject({ savingUsd: null, models: [], reason: "suppressed_for_privacy" });
    expect(spend.effectivePrices.map(({ model }) => model)).toEqual(["claude-sonnet-5-5"]);
    expect(spend.premiumShare).toBeNull();
    const question = { metric: "cost", by: ["model"], ...RANGE };
    const { dimensions } = await runOperation(context, await catalog.explainChange(), question);
    expect(dimensions[0]!.contributions).toEqual([]);
    expect(dimensions[0]!.remainder).toMatchObject({ difference: "-6.00", members: 3 });
  });

  it("says which checks were made and which could not, and why", async () => {
    const found = await runOperation(contextOf(), await catalog.listInsights(), RANGE);
    expect(found.findings).toEqual([]);
    expect(found.none).toMatch(/^Nothing stands out: \d+ checks were made and found nothing\. \d+ could not be made: /);
    const checks = new Map(found.checks.map(({ check, ran, reason }) => [check, ran ? "ran" : reason]));
    expect(checks.get("unattributed_spend")).toBe("ran");
    expect(checks.get("idle_people")).toBe("the range is shorter than two weeks");
    expect(checks.get("late_data")).toBe("no organization is connected");
    expect(checks.get("anomaly")).toMatch(/five weeks are needed/);
  });

  it("says that a check was not made where no day is held, rather than that nothing was found", async () => {
    const found = await runOperation(contextOf(), await catalog.listInsights(), {
      from: "2025-01-01",
      to: "2025-01-31",
    });
    const checks = new Map(found.checks.map(({ check, ran, reason }) => [check, ran ? "ran" : reason]));
    expect(checks.get("cache_waste")).toBe("no day is held whole");
    expect(checks.get("unattributed_spend")).toBe("no day is held whole");
    const spend = await runOperation(contextOf(), await catalog.spend(), { from: "2025-01-01", to: "2025-01-31" });
    expect(spend.attribution).toMatchObject({ unmappedUsd: null, reason: "not_collected_yet" });
  });

  it("finds what keys without an owner spent", async () => {
    const input = { from: "2026-11-02", to: "2026-11-06" };
    const { findings } = await runOperation(contextOf(), await catalog.listInsights(), input);
    expect(findings.map(({ id, amountUsd, severity }) => [id, amountUsd, severity])).toEqual([
      ["unattributed_spend", "4.00", "high"],
    ]);
    expect(findings[0]!.sentence).toBe("1 key has no owner and spent $4.00, 40% of the spend of the range.");
  });

  it("keeps views for their owner, shares them when asked, and lets nobody else change them", async () => {
    const ann = contextOf({ caller: callerOf("ann") });
    const bob = contextOf({ caller: callerOf("bob") });
    const save = await catalog.saveView();
    const list = await catalog.listViews();
    const mine = await runOperation(ann, save, { name: "Mine", page: "/analytics", query: "metric=cost&by=team" });
    const ours = await runOperation(ann, save, { name: "Ours", page: "/spend", query: "", shared: true });
    const seenBy = async (context: OperationContext) =>
      (await runOperation(context, list, {})).views.map(({ name, own }) => [name, own]);
    expect(await seenBy(ann)).toEqual([
      ["Mine", true],
      ["Ours", true],
    ]);
    expect(await seenBy(bob)).toEqual([["Ours", false]]);
    const change = { id: ours.id, name: "Theirs", page: "/spend", query: "" };
    await expect(runOperation(bob, save, change)).rejects.toMatchObject({ code: "access.unknown" });
    const remove = await catalog.deleteView();
    await expect(runOperation(bob, remove, { id: mine.id })).rejects.toMatchObject({ code: "access.unknown" });
    await runOperation(ann, save, { id: mine.id, name: "Renamed", page: "/analytics", query: "x=1" });
    await runOperation(ann, remove, { id: ours.id });
    expect(await seenBy(ann)).toEqual([["Renamed", true]]);
  });
});
