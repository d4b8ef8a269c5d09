import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { cover, engines, keepRecords, openTestStore, ORGANIZATION } from "../../test/support/metrics-store.ts";
import type { TestStore } from "../../test/support/metrics-store.ts";
import { activityRow, analyticsUsageRow, messagesRow } from "../../test/support/upstream-rows.ts";
import { DAY_MS, parseDay } from "../domain/index.ts";
import { ensureTenant, loadPeople } from "../store/index.ts";
import { ask } from "./ask.ts";
import type { Question } from "./types.ts";

const D = parseDay("2026-11-02");
const OTHER = "9a9a9a9a-0000-4000-8000-000000000001";

describe.each(engines)("two organizations of one tenant on %s", (engine) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore(engine);
    await keepRecords(test, "usage_total", [messagesRow(D, {}, { uncached: 100 })]);
    await cover(test, "usage_total", D, D);
    const claudeCode = (actor: string) => [activityRow(D, { actor, models: [["claude-opus-5-5", 7, 100]] })];
    await keepRecords(test, "claude_code", claudeCode("ann@x.io"));
    await keepRecords(test, "claude_code", claudeCode("Ann.Smith@x.io"), OTHER);
    await cover(test, "claude_code", D, D);
    await cover(test, "claude_code", D, D, 40, OTHER);
    // Ten days later both generations are read: here for one day, elsewhere for the next.
    for (const [organization, day] of [
      [ORGANIZATION, D + 10],
      [OTHER, D + 11],
    ] as const) {
      const used = [D + 10, D + 11].map((one) => messagesRow(one, {}, { uncached: 50 }));
      await keepRecords(test, "usage_total", used, organization);
      await cover(test, "usage_total", D + 10, D + 11, 40, organization);
      await keepRecords(test, "analytics_usage", [analyticsUsageRow(day, {}, { uncached: 51 }, 1)], organization);
      await cover(test, "analytics_usage", day, day, 40, organization);
    }
  });
  afterAll(() => test.close());

  const put = (metric: string, more: Partial<Question> = {}, scope = test.scope) =>
    ask(test.store, scope, { metric, from: "2026-11-02", to: "2026-11-02", ...more }, (D + 50) * DAY_MS);

  it("are each read from one source, which every row names", async () => {
    const answer = await put("tokens");
    expect(answer.rows).toEqual([
      { value: 100, source: "usage_total" },
      { value: 7, source: "claude_code" },
    ]);
    expect(answer).toMatchObject({ total: { value: 107 }, completeThrough: "2026-11-02" });
  });

  it("can be told apart, and filtered", async () => {
    const answer = await put("cost", { by: ["organization"] });
    expect(
      answer.rows.map((row) => [row["organization"], row.value]).sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    ).toEqual([
      [ORGANIZATION, "1.00"],
      [OTHER, "1.00"],
    ]);
    const one = await put("cost", { where: [{ dimension: "organization", value: OTHER }] });
    expect(one.total.value).toBe("1.00");
    expect((await put("active_users", { by: ["organization"] })).rows.map((row) => row.value)).toEqual([1, 1]);
  });

  it("share a person who has an e-mail in each", async () => {
    expect((await put("active_users")).total.value).toBe(2);
    const { store, scope } = test;
    const ann = {
      personId: "p_ann",
      name: "Ann",
      emails: ["ann@x.io", "ann.smith@x.io"],
      team: "core",
      costCentre: null,
      manager: null,
      startsOn: null,
      endsOn: null,
      inRoster: true,
    };
    await store.write((tx) => loadPeople(tx, scope, [ann]));
    expect((await put("active_users")).total.value).toBe(1);
    expect((await put("mau")).total.value).toBe(1);
    expect((await put("cost", { by: ["person"] })).rows).toEqual([
      { person: "ann@x.io", value: "2.00", source: "claude_code" },
    ]);
  });

  it("are compared each on the days that both its reports cover, and left out where one was never read", async () => {
    const two = { from: "2026-11-12", to: "2026-11-13", by: ["organization"] };
    const byDay = await put("tokens_generation_gap", { ...two, grain: "day" });
    expect(byDay.rows.map((row) => [row["day"], row["organization"], row.value])).toEqual([
      ["2026-11-12", ORGANIZATION, -1],
      ["2026-11-12", OTHER, null],
      ["2026-11-13", ORGANIZATION, null],
      ["2026-11-13", OTHER, -1],
    ]);
    expect(byDay.total).toMatchObject({ value: -2, parts: { usage_total: 100, analytics_usage: 102 } });
    expect(byDay.warnings.map(({ code }) => code)).toEqual(["incomplete"]);
    const one = await put("tokens_generation_gap", { ...two, to: "2026-11-12" });
    expect(one.rows.map((row) => [row["organization"], row.value])).toEqual([[ORGANIZATION, -1]]);
    expect(one.coverage).toMatchObject({ covered: 1, missing: [] });
    const [left] = one.warnings;
    expect([left?.code, one.warnings.length]).toEqual(["not_compared", 1]);
    expect(left?.message).toContain(OTHER);
  });

  it("are invisible to another tenant", async () => {
    const { tenantId } = await test.store.write((tx) => ensureTenant(tx, "other", 0));
    const scope = { ...test.scope, tenantId, tenant: "other" };
    for (const metric of ["tokens", "cost", "active_users", "adoption_rate"]) {
      expect((await put(metric, {}, scope)).total).toMatchObject({ value: null, reason: "not_collected_yet" });
    }
  });
});
