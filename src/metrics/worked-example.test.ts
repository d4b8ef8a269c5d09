import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { engines, openTestStore } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { keepWorkedExample } from "../../test/support/worked-example.ts";
import { parseDay } from "../domain/index.ts";
import { loadPeople } from "../store/index.ts";
import { ask } from "./ask.ts";
import type { Answer, Question } from "./types.ts";

const NOW = parseDay("2026-12-20") * 86_400_000;

describe.each(engines)("the worked example on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepWorkedExample(test);
  });
  afterAll(() => test.close());

  const put = (metric: string, more: Partial<Question> = {}): Promise<Answer> =>
    ask(test.store, test.scope, { metric, from: "2026-11-02", to: "2026-11-06", ...more }, NOW);
  const total = async (metric: string, more: Partial<Question> = {}) => (await put(metric, more)).total.value;
  const pct = async (metric: string, more: Partial<Question> = {}) =>
    (Number(await total(metric, more)) * 100).toFixed(2);

  it.each([
    ["any", [2, 1, 1, 1, 0], 1.0, 3],
    ["token", [2, 1, 0, 1, 0], 0.8, 2],
    ["engaged", [2, 0, 0, 1, 0], 0.6, 2],
  ] as const)("counts active people by the rule %s", async (activeRule, byDay, average, distinct) => {
    const dau = await put("dau", { activeRule });
    expect(dau.rows.map((row) => row.value)).toEqual(byDay);
    expect(dau.total.average).toBeCloseTo(average, 12);
    const byBucket = await put("active_users", { activeRule, grain: "day" });
    expect(byBucket.rows.map((row) => row.value)).toEqual(byDay);
    expect(byBucket.total).toMatchObject({ value: distinct });
    expect(byBucket.total.average).toBeCloseTo(average, 12);
    expect(byBucket.activeRule).toBe(activeRule);
  });

  it.each([
    ["sessions", 8, 13],
    ["commits", 3, 7],
    ["pull_requests", 2, 4],
    ["lines_added", 230, 430],
    ["lines_removed", 45, 95],
    ["net_lines", 185, 335],
    ["actions_accepted", 19, 44],
    ["actions_rejected", 9, 9],
    ["cost", "6.00", "10.00"],
  ])("sums %s over humans and over all", async (metric, humans, all) => {
    expect(await total(metric, { population: "humans" })).toBe(humans);
    expect(await total(metric, { population: "all" })).toBe(all);
    expect(await total(metric)).toBe(all);
  });

  it("takes the accept rate as a ratio of sums, which differs from the mean of people's rates", async () => {
    expect(await pct("accept_rate", { population: "humans" })).toBe("67.86");
    expect(await pct("accept_rate", { population: "all" })).toBe("83.02");
    const each = await put("accept_rate", { population: "humans", by: ["person"] });
    const rates = each.rows.filter((row) => row.value !== null).map((row) => Number(row.value) * 100);
    expect(rates.map((rate) => rate.toFixed(2)).sort()).toEqual(["56.25", "83.33"]);
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    expect(mean.toFixed(2)).toBe("69.79");
    expect(each.total.value).not.toBeCloseTo(mean / 100, 3);
    // Nobody decided anything for cy: no rate, not 0 %.
    expect(each.rows.find((row) => row["person"] === "cy@x.io")).toMatchObject({
      value: null,
      reason: "zero_denominator",
    });
  });

  it.each([
    ["cost_per_pull_request", "3.00", "2.50"],
    ["cost_per_commit", "2.00", "1.428571428571"],
    ["cost_per_session", "0.75", "0.769230769231"],
    ["cost_per_1k_lines", "26.086956521739", "23.255813953488"],
  ])("divides %s within one population", async (metric, humans, all) => {
    expect(await total(metric, { population: "humans" })).toBe(humans);
    expect(await total(metric, { population: "all" })).toBe(all);
  });

  it("never divides human cost by everybody's pull requests", async () => {
    const cost = Number(await total("cost", { population: "humans" }));
    const pullRequests = Number(await total("pull_requests", { population: "all" }));
    expect(cost / pullRequests).toBe(1.5);
    expect(await total("cost_per_pull_request", { population: "humans" })).not.toBe("1.50");
  });

  it("counts ann's two rows of one day as one person-day and three sessions", async () => {
    const days = await put("active_person_days");
    expect(days.total.value).toBe(5);
    expect(await total("cost_per_active_day")).toBe("1.20");
    const ann = await put("active_person_days", { by: ["person"], to: "2026-11-02" });
    expect(ann.rows.find((row) => row["person"] === "ann@x.io")?.value).toBe(1);
    const sessions = await put("sessions", { by: ["person"], to: "2026-11-02" });
    expect(sessions.rows.find((row) => row["person"] === "ann@x.io")?.value).toBe(3);
    expect(await total("cost_per_active_user")).toBe("2.00");
  });

  it("reads tokens and cache rates from Claude Code when no messages usage was collected, and says so", async () => {
    const tokens = await put("tokens", { by: ["token_type"] });
    expect(Object.fromEntries(tokens.rows.map((row) => [row["token_type"], row.value]))).toEqual({
      uncached_input_tokens: 8000,
      output_tokens: 14_000,
      cache_read_input_tokens: 190_000,
      cache_creation: 32_000,
    });
    expect(tokens.total.value).toBe(244_000);
    expect(tokens.source).toEqual(["claude_code"]);
    expect(tokens.warnings.map((warning) => warning.code)).toContain("other_source");
    expect(await total("input_tokens")).toBe(8000);
    expect(await total("output_tokens")).toBe(14_000);
    expect(await pct("cache_hit_rate")).toBe("82.61");
    expect(await pct("cache_reuse_rate")).toBe("85.59");
    expect(Number(await total("reads_per_write")).toFixed(2)).toBe("5.94");
  });

  it("shares the cost among the models", async () => {
    const mix = await put("model_mix", { by: ["model_family"] });
    expect(mix.rows.map((row) => [row["model_family"], row.value])).toEqual([
      ["opus", 0.51],
      ["sonnet", 0.49],
      ["haiku", 0],
    ]);
    expect((await put("model_mix")).rows.map((row) => row["model"])).toEqual([
      "claude-opus-5-5",
      "claude-sonnet-5-5",
      "claude-haiku-5-5",
    ]);
  });

  it("states the unmapped key, its money and its share with every answer", async () => {
    const cost = await put("cost");
    expect(cost.unmapped).toEqual({ actors: 1, names: ["key: ci-bot"], value: "4.00", share: 0.4 });
    const people = await put("cost", { by: ["person"] });
    expect(people.rows).toContainEqual({ person: "key: ci-bot", value: "4.00", source: "claude_code" });
  });

  it("says range, coverage and completeness", async () => {
    expect(await put("sessions", { grain: "day" })).toMatchObject({
      unit: "sessions",
      range: { from: "2026-11-02", to: "2026-11-06", grain: "day", timezone: "UTC" },
      coverage: { days: 5, covered: 5, partial: 0, missing: [] },
      completeThrough: "2026-11-06",
      asOf: "2026-12-20",
      provisional: [],
      warnings: [],
    });
  });

  it("adopts 3 of 4 people of the roster", async () => {
    const person = (name: string) => ({
      personId: `p_${name}`,
      name,
      emails: [`${name}@x.io`],
      team: name === "ann" || name === "dee" ? "core" : null,
      costCentre: null,
      manager: null,
      startsOn: null,
      endsOn: null,
      inRoster: true,
    });
    const { store, scope } = test;
    await store.write((tx) => loadPeople(tx, scope, ["ann", "bob", "cy", "dee"].map(person)));
    const adoption = await put("adoption_rate");
    expect(adoption).toMatchObject({
      denominator: "roster",
      total: { value: 0.75, parts: { active: 3, eligible: 4 } },
    });
    expect(adoption.activeOutsideDenominator).toEqual([]);
    const byTeam = await put("adoption_rate", { by: ["team"] });
    expect(byTeam.rows.map((row) => [row["team"], row.value])).toEqual([
      [null, 1],
      ["core", 0.5],
    ]);
    expect(await total("adoption_rate", { denominator: "assigned_seats" })).toBeNull();
    const cost = await put("cost", { by: ["team"], population: "humans" });
    expect(cost.rows.map((row) => [row["team"], row.value])).toEqual([
      ["core", "3.60"],
      [null, "2.40"],
    ]);
    const active = await put("active_users", { by: ["team"] });
    expect(active.rows.map((row) => [row["team"], row.value])).toEqual([
      [null, 2],
      ["core", 1],
    ]);
    expect(await total("active_users", { where: [{ dimension: "team", value: "core" }] })).toBe(1);
    await store.write((tx) => loadPeople(tx, scope, []));
  });
});
