import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { DAY_MS, HOUR_MS, parseDay, startOfDay, dayText, type DayNumber } from "../domain/index.ts";
import type { ReportShape } from "../source/index.ts";
import type { CoverageRow } from "../store/index.ts";
import { dayState, owedDays, planWindows, spansOf, SWEEP_DAYS } from "./plan.ts";

const shape: ReportShape = {
  kind: "report",
  longest: 31,
  earliest: () => 0,
  provisionalDays: 3,
  rereads: [{ days: 3, everyMs: 0 }],
};
const noonOf = (day: DayNumber): number => startOfDay(day) + 12 * HOUR_MS;
const today = parseDay("2026-11-21");
const read = (day: DayNumber, readAtMs: number, rest: Partial<CoverageRow> = {}): CoverageRow => ({
  day,
  state: "complete",
  readAtMs,
  revised: 0,
  refreshedAtMs: null,
  ...rest,
});

describe("planWindows", () => {
  it("covers every owed day exactly once, none longer than allowed, newest first", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 20_000, max: 20_400 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 31 }),
        (days, longest) => {
          const windows = planWindows("s", days, longest);
          const covered = windows.flatMap(({ span }) =>
            Array.from({ length: span!.to - span!.from }, (_, i) => span!.from + i),
          );
          expect(covered.toSorted((a, b) => a - b)).toEqual(days.toSorted((a, b) => a - b));
          for (const { span } of windows) expect(span!.to - span!.from).toBeLessThanOrEqual(longest);
          const starts = windows.map(({ span }) => span!.from);
          expect(starts).toEqual(starts.toSorted((a, b) => b - a));
        },
      ),
    );
  });

  it("cuts a month end and the 29th of February without a hole (F61)", () => {
    const days = Array.from({ length: 60 }, (_, i) => parseDay("2028-02-01") + i);
    const texts = planWindows("s", days, 31).map(({ span }) => `${dayText(span!.from)}..${dayText(span!.to - 1)}`);
    expect(texts).toEqual(["2028-03-01..2028-03-31", "2028-02-01..2028-02-29"]);
  });
});

describe("owedDays", () => {
  const why = (rows: CoverageRow[], from: DayNumber, now = noonOf(today), used = shape): string[] =>
    owedDays(rows, from, used, now).map((owed) => `${dayText(owed.day)} ${owed.why}`);

  it("owes every day from the first to today when nothing was read", () => {
    expect(why([], today - 2)).toEqual(["2026-11-19 new", "2026-11-20 new", "2026-11-21 new"]);
  });

  it("starts where the source starts", () => {
    expect(why([], 0, noonOf(today), { ...shape, earliest: (now) => now - 1 })).toHaveLength(2);
  });

  it("reads again what was read in part, or before the day was over", () => {
    const rows = [read(today - 10, noonOf(today - 1), { state: "partial" }), read(today - 9, noonOf(today - 9))];
    expect(why(rows, today - 10).slice(0, 2)).toEqual(["2026-11-11 incomplete", "2026-11-12 unfinished"]);
  });

  it("looks back over the provisional days at every sync, and not further", () => {
    const rows = Array.from({ length: 11 }, (_, i) => read(today - 10 + i, noonOf(today) - 1_000));
    expect(why(rows, today - 10)).toEqual([
      "2026-11-18 reread",
      "2026-11-19 reread",
      "2026-11-20 reread",
      "2026-11-21 unfinished",
    ]);
  });

  it("reads a day once more when it has settled since, however long nobody synced", () => {
    const rows = [read(today - 20, noonOf(today - 19)), read(today - 21, noonOf(today - 10))];
    expect(why(rows, today - 21).slice(0, 2)).toEqual(["2026-11-01 reread", "2026-11-02 new"]);
  });

  it("reads analytics of a month once a day, and of three days every hour", () => {
    const analytics: ReportShape = {
      ...shape,
      provisionalDays: 30,
      rereads: [
        { days: 3, everyMs: HOUR_MS },
        { days: 30, everyMs: DAY_MS },
      ],
    };
    const rows = (ago: number) => [read(today - 2, noonOf(today) - ago), read(today - 20, noonOf(today) - ago)];
    const owed = (ago: number) =>
      why(rows(ago), today - 20, noonOf(today), analytics).filter((line) => line.endsWith("reread"));
    expect(owed(30 * 60_000)).toEqual([]);
    expect(owed(2 * HOUR_MS)).toEqual(["2026-11-19 reread"]);
    expect(owed(25 * HOUR_MS)).toEqual(["2026-11-01 reread", "2026-11-19 reread"]);
  });

  it("sweeps ninety days once a month, so that a late restatement is found (F59)", () => {
    const rows = [80, 100].map((age) => read(today - age, noonOf(today) - 31 * DAY_MS));
    expect(why(rows, today - 100).filter((line) => line.endsWith("sweep"))).toEqual([`${dayText(today - 80)} sweep`]);
    expect(SWEEP_DAYS).toBe(90);
  });

  it("does not believe a reading dated in the future (F60)", () => {
    expect(why([read(today - 50, noonOf(today) + DAY_MS)], today - 50)[0]).toBe(`${dayText(today - 50)} new`);
  });

  it("ignores coverage of days that have not come yet", () => {
    expect(why([read(today + 5, noonOf(today))], today)).toEqual(["2026-11-21 new"]);
  });
});

describe("dayState", () => {
  it.each([
    ["provisional", read(today - 2, noonOf(today))],
    ["settled", read(today - 9, noonOf(today))],
    ["revised", read(today - 9, noonOf(today), { revised: 2 })],
    [null, read(today - 9, noonOf(today), { state: "partial" })],
    [null, undefined],
  ])("says %s", (state, row) => {
    expect(dayState(row, 3)).toBe(state);
  });
});

describe("spansOf", () => {
  it("joins neighbouring days and counts a day once", () => {
    expect(spansOf([5, 3, 4, 9, 4])).toEqual([
      { from: 3, to: 6 },
      { from: 9, to: 10 },
    ]);
  });
});
