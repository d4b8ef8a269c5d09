import { z } from "zod";

import { divideHalfEven, dollars } from "../../domain/index.ts";
import type { DayNumber, Span } from "../../domain/index.ts";
import { dayRange, usd } from "../figures.ts";
import { cents, sumOf } from "./amount.ts";

/** A complete day and what was spent on it, in pico-dollars. */
export interface DayAmount {
  readonly day: DayNumber;
  readonly amount: bigint;
}

export interface Forecast {
  /** Spent on the complete days of the month. */
  readonly actual: bigint;
  /** What the other days of the month are expected to bring; today is one of them. */
  readonly expected: bigint;
  readonly remainingDays: number;
  /** Eighty per cent of months should end between these; null when too few days can be tested. */
  readonly interval: { readonly low: bigint; readonly high: bigint } | null;
}

const FEWEST_DAYS = 7;
const SAME_WEEKDAYS = 4;
const TESTED_DAYS = 28;
/** Standard deviations that hold the middle 80 % of a normal distribution. */
const SPREAD = 1.2816;

/**
 * What the month will come to: the complete days as they were, and for every other day the mean of the last four same
 * weekdays. Null before there are seven complete days.
 *
 * Amounts are added to amounts. Month-to-date plus a slope times the days left would add a rate of change to an amount
 * and forecast no further spend at all when spend is flat.
 */
export function forecastMonth(complete: readonly DayAmount[], month: Span): Forecast | null {
  if (complete.length < FEWEST_DAYS) return null;
  const known = new Set(complete.map(({ day }) => day));
  const remaining: DayNumber[] = [];
  for (let day = month.from; day < month.to; day++) if (!known.has(day)) remaining.push(day);
  const actual = sumOf(complete.filter(({ day }) => day >= month.from && day < month.to).map(({ amount }) => amount));
  const expected = sumOf(remaining.map((day) => expectedOn(day, complete)));
  return {
    actual,
    expected,
    remainingDays: remaining.length,
    interval: intervalOf(complete, actual, expected, remaining.length),
  };
}

/** The mean of the last four same weekdays; of fewer, the mean of all days without their highest and lowest. */
export function expectedOn(day: DayNumber, complete: readonly DayAmount[]): bigint {
  const before = complete.filter((one) => one.day < day || one.day > day);
  const same = before.filter((one) => (one.day - day) % 7 === 0).toSorted((a, b) => b.day - a.day);
  if (same.length >= SAME_WEEKDAYS) return mean(same.slice(0, SAME_WEEKDAYS).map(({ amount }) => amount));
  const ordered = before.map(({ amount }) => amount).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return mean(ordered.length >= 5 ? ordered.slice(1, -1) : ordered);
}

/** How far the same forecast would have missed each of the last 28 days, spread over the days that remain. */
function intervalOf(
  complete: readonly DayAmount[],
  actual: bigint,
  expected: bigint,
  remaining: number,
): Forecast["interval"] {
  const ordered = complete.toSorted((a, b) => a.day - b.day);
  const misses: number[] = [];
  for (let at = Math.max(FEWEST_DAYS, ordered.length - TESTED_DAYS); at < ordered.length; at++) {
    const { day, amount } = ordered[at]!;
    misses.push(Number(amount - expectedOn(day, ordered.slice(0, at))));
  }
  if (misses.length < FEWEST_DAYS) return null;
  const squares = misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length;
  const half = BigInt(Math.round(SPREAD * Math.sqrt(squares * remaining)));
  const low = expected - half;
  // What is spent is spent: the month cannot end below it.
  return { low: actual + (low < 0n ? 0n : low), high: actual + expected + half };
}

function mean(amounts: readonly bigint[]): bigint {
  return amounts.length === 0 ? 0n : divideHalfEven(sumOf(amounts), BigInt(amounts.length));
}

/** The forecast of the current month as surfaces show it. */
export const monthForecast = z.object({
  month: dayRange,
  kind: z.string(),
  /** Null with a reason when fewer than seven complete days are held. */
  forecastUsd: usd.nullable(),
  reason: z.enum(["not_collected_yet", "not_reported_by_source"]).nullable(),
  actualUsd: usd.nullable(),
  expectedUsd: usd.nullable(),
  completeDays: z.int(),
  remainingDays: z.int(),
  interval: z.object({ lowUsd: usd, highUsd: usd, level: z.literal(0.8) }).nullable(),
  method: z.string(),
  budgetUsd: usd.nullable(),
  /** Forecast less budget; negative is what would be left. */
  overBudgetUsd: usd.nullable(),
  /** The first day on which the expected spend passes the budget, if it does this month. */
  budgetReachedOn: z.string().nullable(),
});

export const METHOD =
  "Complete days as they were, plus for each remaining day (today is one) the mean of the last 4 same weekdays. " +
  "The interval is what the same rule missed over the last 28 days.";

export function shownForecast(found: Forecast) {
  return {
    forecastUsd: cents(found.actual + found.expected),
    actualUsd: dollars(found.actual),
    expectedUsd: cents(found.expected),
    remainingDays: found.remainingDays,
    interval:
      found.interval === null
        ? null
        : { lowUsd: cents(found.interval.low), highUsd: cents(found.interval.high), level: 0.8 as const },
  };
}
