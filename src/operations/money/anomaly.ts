import type { DayNumber } from "../../domain/index.ts";
import { picoUsdFromDollars } from "../../domain/index.ts";
import type { DayAmount } from "./forecast.ts";

/** A day on which a series was far above the same weekday of the weeks before. */
export interface Anomaly {
  readonly day: DayNumber;
  readonly amount: bigint;
  /** The median of the same weekday. */
  readonly expected: bigint;
  /** How many scaled deviations above; infinite where the weeks before were all alike. */
  readonly times: number;
}

/** Weeks that a day is compared with, at most and at least. */
export const WEEKS = 8;
const FEWEST_WEEKS = 4;
const DEVIATIONS = 3.5;
/** Makes the median deviation comparable with a standard deviation. */
const SCALE = 1.4826;
/** A day that is less than $20 above the usual is not worth anybody's time. */
export const FLOOR = picoUsdFromDollars("20").picoUsd;

/** Days from `from` on that stand out: above 3.5 scaled median deviations and above the floor. */
export function anomaliesOf(days: readonly DayAmount[], from: DayNumber): Anomaly[] {
  // Nothing is usually less than the least: most members of an organization never come near the floor.
  const least = days.reduce((lowest, { amount }) => (amount < lowest ? amount : lowest), days[0]?.amount ?? 0n);
  if (days.every(({ amount }) => amount - least < FLOOR)) return [];
  const byDay = new Map(days.map(({ day, amount }) => [day, amount]));
  // Before anything was spent there was nothing usual: those weeks are no zero to compare with.
  const begin = days.reduce((first, { day, amount }) => (amount > 0n ? Math.min(first, day) : first), Infinity);
  return days.flatMap(({ day, amount }) => {
    if (day < from || amount - least < FLOOR) return [];
    const before: bigint[] = [];
    for (let week = 1; week <= WEEKS; week++) {
      const then = byDay.get(day - week * 7);
      if (then !== undefined && day - week * 7 >= begin) before.push(then);
    }
    if (before.length < FEWEST_WEEKS) return [];
    const expected = median(before);
    const excess = amount - expected;
    if (excess < FLOOR) return [];
    const deviation = median(before.map((then) => (then > expected ? then - expected : expected - then)));
    const times = deviation === 0n ? Infinity : Number(excess) / (SCALE * Number(deviation));
    return times > DEVIATIONS ? [{ day, amount, expected, times }] : [];
  });
}

function median(amounts: readonly bigint[]): bigint {
  const ordered = amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2n;
}
