import { describe, expect, it } from "vitest";

import { dollars, parseDay, picoUsdFromDollars } from "../../domain/index.ts";
import { expectedOn, forecastMonth } from "./forecast.ts";
import type { DayAmount } from "./forecast.ts";

const usd = (amount: string) => picoUsdFromDollars(amount).picoUsd;

function days(from: string, count: number, amountOf: (at: number) => string): DayAmount[] {
  return Array.from({ length: count }, (_, at) => ({ day: parseDay(from) + at, amount: usd(amountOf(at)) }));
}

const NOVEMBER = { from: parseDay("2026-11-01"), to: parseDay("2026-12-01") };

describe("the forecast of a month", () => {
  it("expects flat spend to go on, where a slope would expect none", () => {
    const found = forecastMonth(
      days("2026-10-01", 45, () => "10"),
      NOVEMBER,
    )!;
    expect(dollars(found.actual)).toBe("140.00");
    expect(dollars(found.expected)).toBe("160.00");
    expect(found.remainingDays).toBe(16);
    expect(found.interval).toEqual({ low: usd("300"), high: usd("300") });
  });

  it("expects of a weekday what its last four were", () => {
    // Thursday 2026-10-01 is day 0; Saturdays and Sundays are free.
    const weekly = days("2026-10-01", 45, (at) => ([2, 3].includes(at % 7) ? "0" : "20"));
    const found = forecastMonth(weekly, NOVEMBER)!;
    // 15 to 30 November: 11 weekdays from Monday the 16th to the 30th, and five days of weekends.
    expect(dollars(found.expected)).toBe("220.00");
    expect(dollars(found.actual)).toBe("200.00");
  });

  it("says nothing before there are seven complete days", () => {
    expect(
      forecastMonth(
        days("2026-11-01", 6, () => "10"),
        NOVEMBER,
      ),
    ).toBeNull();
    expect(
      forecastMonth(
        days("2026-11-01", 7, () => "10"),
        NOVEMBER,
      ),
    ).not.toBeNull();
  });

  it("gives no interval while fewer than seven days can be tested", () => {
    expect(
      forecastMonth(
        days("2026-11-01", 13, () => "10"),
        NOVEMBER,
      )!.interval,
    ).toBeNull();
    expect(
      forecastMonth(
        days("2026-11-01", 14, () => "10"),
        NOVEMBER,
      )!.interval,
    ).not.toBeNull();
  });

  it("takes a day that was not read for one that remains", () => {
    const held = days("2026-10-01", 45, () => "10").filter(({ day }) => day !== parseDay("2026-11-03"));
    const found = forecastMonth(held, NOVEMBER)!;
    expect(found.remainingDays).toBe(17);
    expect(dollars(found.actual + found.expected)).toBe("300.00");
  });

  it("never ends below what is spent", () => {
    const wild = days("2026-10-01", 60, (at) => (at % 2 === 0 ? "0" : "1000"));
    const found = forecastMonth(wild, NOVEMBER)!;
    expect(found.interval!.low).toBeGreaterThanOrEqual(found.actual);
  });

  it("leaves out the highest and the lowest day where a weekday is young", () => {
    const seven = days("2026-11-01", 7, (at) => ["1", "100", "2", "2", "2", "2", "2"][at]!);
    expect(dollars(expectedOn(parseDay("2026-11-10"), seven))).toBe("2.00");
  });
});
