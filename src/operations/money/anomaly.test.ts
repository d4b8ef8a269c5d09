import { describe, expect, it } from "vitest";

import { dayText, parseDay, picoUsdFromDollars } from "../../domain/index.ts";
import { anomaliesOf } from "./anomaly.ts";
import type { DayAmount } from "./forecast.ts";

const usd = (amount: string) => picoUsdFromDollars(amount).picoUsd;
const LAST = parseDay("2026-11-18");

/** The same weekday of the weeks before, oldest first, then the day. */
function wednesdays(...amounts: string[]): DayAmount[] {
  return amounts.map((amount, at) => ({ day: LAST - (amounts.length - 1 - at) * 7, amount: usd(amount) }));
}

describe("an unusual day", () => {
  it("is above 3.5 scaled median deviations of the same weekday", () => {
    // Median 100, median deviation 10: the line is at 100 + 3.5 × 14.826 = 151.89.
    const before = ["90", "110", "90", "110", "100", "100", "90", "110"];
    expect(anomaliesOf(wednesdays(...before, "151"), LAST)).toEqual([]);
    const [found] = anomaliesOf(wednesdays(...before, "153"), LAST);
    expect(found).toMatchObject({ day: LAST, amount: usd("153"), expected: usd("100") });
    expect(found!.times).toBeCloseTo(53 / 14.826, 9);
  });

  it("is worth twenty dollars at least", () => {
    expect(anomaliesOf(wednesdays("1", "1", "1", "1", "20.99"), LAST)).toEqual([]);
    expect(anomaliesOf(wednesdays("1", "1", "1", "1", "21"), LAST)).toHaveLength(1);
  });

  it("is not compared with weeks before the first spend", () => {
    expect(anomaliesOf(wednesdays("0", "0", "0", "0", "0", "0", "0", "0", "300"), LAST)).toEqual([]);
    const later = wednesdays("0", "0", "0", "100", "100", "100", "100", "300");
    expect(anomaliesOf(later, LAST)).toMatchObject([{ expected: usd("100") }]);
  });

  it("needs four of the same weekday, and is looked for in the asked days alone", () => {
    expect(anomaliesOf(wednesdays("1", "1", "1", "500"), LAST)).toEqual([]);
    const days = wednesdays("1", "1", "1", "1", "500", "1");
    expect(anomaliesOf(days, LAST)).toEqual([]);
    expect(anomaliesOf(days, LAST - 7).map(({ day }) => dayText(day))).toEqual(["2026-11-11"]);
  });
});
