import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

import { activityRow } from "../../../test/support/activity-rows.ts";
import { cover, keepRecords, openTestStore } from "../../../test/support/metrics-store.ts";
import type { TestStore } from "../../../test/support/metrics-store.ts";
import { dayText, parseDay } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { readActivity } from "./frame.ts";
import { retentionOf } from "./retention.ts";
import type { Retention } from "./retention.ts";

const MONDAY = parseDay("2026-06-01");
const NOW = parseDay("2027-03-01") * 86_400_000;
const WEEKS = 10;

let stores: TestStore[] = [];
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
});

/** Who was active on which day of a store that begins on a Monday. */
async function kept(active: readonly (readonly [DayNumber, string])[], last: DayNumber): Promise<TestStore> {
  const store = await openTestStore("sqlite");
  stores.push(store);
  const once = new Map(active.map((one) => [one.join(" "), one]));
  await keepRecords(
    store,
    "claude_code",
    [...once.values()].map(([day, email]) => activityRow(day, email)),
  );
  await cover(store, "claude_code", MONDAY, last);
  return store;
}

function ask(store: TestStore, to: DayNumber, grain: "week" | "month" = "week"): Promise<Retention> {
  const range = { from: dayText(MONDAY), to: dayText(to) };
  return readActivity(store.store, store.scope, range, NOW, (activity) => retentionOf(activity, grain));
}

const history = fc.array(fc.tuple(fc.integer({ min: 0, max: WEEKS * 7 - 1 }), fc.integer({ min: 0, max: 7 })), {
  minLength: 1,
  maxLength: 120,
});

describe("weekly accounts", () => {
  it("add up to this week and to the last one, whoever was active when", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => {
        const active = drawn.map(([day, who]) => [MONDAY + day, `p${who}@x.io`] as const);
        const { weeks } = await ask(await kept(active, MONDAY + WEEKS * 7 - 1), MONDAY + WEEKS * 7 - 1);
        const people = (week: number) =>
          new Set(active.filter(([day]) => Math.floor((day - MONDAY) / 7) === week).map(([, who]) => who));
        expect(weeks.map(({ active: count }) => count)).toEqual(
          Array.from({ length: WEEKS }, (_, week) => people(week).size),
        );
        weeks.slice(1).forEach((week, at) => {
          expect(week.active).toBe(week.new! + week.retained! + week.resurrected!);
          expect(week.previous).toBe(week.retained! + week.churned!);
          expect(week.previous).toBe(people(at).size);
          const before = new Set(Array.from({ length: at + 1 }, (_, index) => [...people(index)]).flat());
          expect(week.new).toBe([...people(at + 1)].filter((who) => !before.has(who)).length);
          expect(week.quickRatio.value).toBe(
            week.churned === 0 ? null : (week.new! + week.resurrected!) / week.churned!,
          );
        });
      }),
      { numRuns: 15 },
    );
  });

  it("find everybody of a cohort in its own week, and never more than that later", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (drawn) => {
        const active = drawn.map(([day, who]) => [MONDAY + day, `p${who}@x.io`] as const);
        const { cohorts, existing } = await ask(await kept(active, MONDAY + WEEKS * 7 - 1), MONDAY + WEEKS * 7 - 1);
        const sizes = cohorts.map(({ size }) => size!).reduce((sum, size) => sum + size, existing!.size!);
        expect(sizes).toBe(new Set(active.map(([, who]) => who)).size);
        for (const { size, cells } of cohorts) {
          expect(cells[0]).toMatchObject({ k: 0, active: size, rate: size === 0 ? null : 1 });
          for (const { active: still, rate } of cells) {
            expect(still).toBeLessThanOrEqual(size!);
            if (rate !== null) expect(rate).toBe(still! / size!);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("cohorts", () => {
  const week = (number: number) => MONDAY + number * 7;

  it("call who was first seen in the first four weeks existing users", async () => {
    const store = await kept(
      [
        [week(0), "old@x.io"],
        [week(3) + 6, "old2@x.io"],
        [week(4), "new@x.io"],
        [week(5), "new@x.io"],
        [week(5), "old@x.io"],
      ],
      week(7) - 1,
    );
    const { existing, cohorts, weeks, warnings } = await ask(store, week(7) - 1);
    expect(existing).toMatchObject({ from: dayText(week(0)), to: dayText(week(3)), size: 2, lowSample: true });
    expect(existing!.cells.map(({ k, rate }) => [k, rate])).toEqual([
      [1, 0],
      [2, 0.5],
      [3, 0],
    ]);
    expect(cohorts.map(({ cohort, size }) => [cohort, size])).toEqual([
      [dayText(week(4)), 1],
      [dayText(week(5)), 0],
      [dayText(week(6)), 0],
    ]);
    expect(cohorts[0]!.cells.map(({ rate }) => rate)).toEqual([1, 1, 0]);
    expect(weeks.map(({ leftCensored }) => leftCensored)).toEqual([true, true, true, true, false, false, false]);
    expect(warnings.map(({ code }) => code)).toContain("left_censored");
  });

  it("begin with the first activity where the source had nothing for the days before", async () => {
    const store = await kept([[week(5), "ann@x.io"]], week(7) - 1);
    const { existing, cohorts } = await ask(store, week(7) - 1);
    expect(existing).toMatchObject({ from: dayText(week(5)), size: 1 });
    expect(cohorts).toEqual([]);
  });

  it("leave the cell of a week that is not over blank, and nobody gone in it", async () => {
    const store = await kept(
      [
        [week(0), "old@x.io"],
        [week(4), "ann@x.io"],
        [week(4), "bob@x.io"],
        [week(5), "ann@x.io"],
      ],
      week(5) + 2,
    );
    const { cohorts, weeks } = await ask(store, week(5) + 2);
    expect(cohorts[0]!.cells).toEqual([
      { k: 0, period: dayText(week(4)), active: 2, rate: 1 },
      { k: 1, period: dayText(week(5)), active: null, rate: null, reason: "not_collected_yet" },
    ]);
    expect(weeks.at(-1)).toMatchObject({
      complete: false,
      active: 1,
      retained: 1,
      churned: null,
      quickRatio: { value: null, reason: "not_collected_yet" },
    });
  });

  it("takes ISO week 53 for one week, and calendar months when asked", async () => {
    const store = await openTestStore("sqlite");
    stores.push(store);
    const first = parseDay("2026-10-01");
    const rows = ["2026-12-28", "2027-01-03", "2027-02-28"].map((day) => activityRow(parseDay(day), "eve@x.io"));
    await keepRecords(store, "claude_code", [activityRow(first, "old@x.io"), ...rows]);
    await cover(store, "claude_code", first, parseDay("2027-02-28"));
    const range = { from: "2026-12-01", to: "2027-02-28" };
    const look = (grain: "week" | "month") =>
      readActivity(store.store, store.scope, range, NOW, (activity) => retentionOf(activity, grain));
    const { weeks } = await look("week");
    expect(weeks.find(({ active }) => active === 1)).toMatchObject({ week: "2026-12-28", new: 1 });
    const { cohorts } = await look("month");
    expect(cohorts.map(({ cohort, size }) => [cohort, size])).toEqual([
      ["2026-12", 1],
      ["2027-01", 0],
      ["2027-02", 0],
    ]);
    expect(cohorts[0]!.cells.map(({ period, rate }) => [period, rate])).toEqual([
      ["2026-12", 1],
      ["2027-01", 1],
      ["2027-02", 1],
    ]);
  });
});
