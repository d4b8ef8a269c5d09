import { afterAll, beforeAll, expect, it } from "vitest";

import { operatorCaller } from "../../src/access/index.ts";
import type { Privacy } from "../../src/domain/index.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";
import { openTestStore, type TestStore } from "../support/metrics-store.ts";
import { keepWorkedExample } from "../support/worked-example.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore("sqlite");
  await keepWorkedExample(test);
});
afterAll(() => test.close());

async function compared(input: Record<string, unknown>, privacy: Privacy = { mode: "named" }) {
  const used: Partial<OperationContext> = {
    store: test.store,
    scope: { ...test.scope, privacy },
    clock: { now: () => Date.parse("2026-12-20T08:00:00Z") } as OperationContext["clock"],
    caller: operatorCaller("cli"),
  };
  const operation = await catalog.comparePeriods();
  return runOperation(used as OperationContext, operation, { metric: "cost", ...input });
}

const LATE = { from: "2026-11-04", to: "2026-11-05" };
const EARLY = { previousFrom: "2026-11-02", previousTo: "2026-11-03" };

it("compares a sum with the equal-length range before, member by member", async () => {
  const found = await compared({ ...LATE, by: ["model_family"] });
  expect(found).toMatchObject({
    unit: "usd",
    kind: "estimated",
    current: { value: "2.00", range: LATE, state: "complete", source: ["claude_code"] },
    previous: { value: "8.00", range: { from: "2026-11-02", to: "2026-11-03" } },
    change: { absolute: "-6.00", relative: -0.75, direction: "down" },
    changePerDay: null,
    notComparable: [],
    caveats: [],
  });
  const rows = found.rows.map(({ members, current, previous, change }) => [members, current, previous, change?.isNew]);
  expect(rows).toEqual([
    [{ model_family: "opus" }, "2.00", "3.10", false],
    [{ model_family: "haiku" }, "0.00", "0.00", false],
    [{ model_family: "sonnet" }, "0.00", "4.90", false],
  ]);
});

it("compares ratios by their sums, in points, and has no ratio where nothing was divided", async () => {
  const found = await compared({ metric: "accept_rate", ...LATE, by: ["tool"] });
  // 6 of 10 decisions now, 38 of 43 before: no mean of tools.
  expect(found.current).toMatchObject({ value: 0.6, parts: { accepted: 6, rejected: 4 } });
  expect(found.previous.value).toBe(38 / 43);
  expect(found.change!.kind).toBe("points");
  const gone = found.rows.find(({ members }) => members["tool"] === "write_tool");
  expect(gone).toMatchObject({ current: null, previous: 0.5, reason: "zero_denominator", change: null });
});

it("says what came of the amount a day where the ranges are of unlike length", async () => {
  const found = await compared({ from: "2026-11-05", to: "2026-11-05", ...EARLY });
  expect(found.change).toMatchObject({ absolute: "-6.00" });
  expect(found.changePerDay).toBe(-0.5);
  expect(found.caveats).toEqual(["1 day stands against 2: compare the amounts a day"]);
  // Distinct people do not grow by the day.
  const people = await compared({ metric: "active_users", from: "2026-11-05", to: "2026-11-05", ...EARLY });
  expect([people.changePerDay, people.caveats]).toEqual([null, []]);
});

it("does not compare with what was not read whole", async () => {
  const found = await compared({ from: "2026-11-02", to: "2026-11-06", by: ["model"] });
  expect(found.notComparable).toEqual(["of 2026-10-28 to 2026-11-01 only 0 of 5 days were read whole"]);
  expect([found.change, found.rows.every(({ change }) => change === null)]).toEqual([null, true]);
  expect(found.current.value).toBe("10.00");
});

it("says that ranges overlap", async () => {
  const found = await compared({ ...LATE, previousFrom: "2026-11-03", previousTo: "2026-11-04" });
  expect(found.caveats).toEqual(["the two ranges overlap"]);
});

it("keeps back what is about too few people, on both sides", async () => {
  const found = await compared({ ...LATE, by: ["model_family"] }, { mode: "teams", minimumGroup: 5 });
  for (const { current, previous, change } of found.rows)
    expect([current, previous, change]).toEqual([null, null, null]);
  expect([found.current.value, found.current.reason, found.change]).toEqual([null, "suppressed_for_privacy", null]);
  expect(found.notComparable[0]).toContain("suppressed_for_privacy");
});

it("refuses one day of a range without the other", async () => {
  await expect(compared({ ...LATE, previousFrom: "2026-11-02" })).rejects.toThrow("previousTo: is missing");
});
