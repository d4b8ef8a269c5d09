import { addDays, dayOf, type Day } from "../format/index.ts";

/** The browser's clock, read in this one place. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** How far the server's clock is ahead of the browser's, as its last answer told. */
let aheadMs = 0;

/** Takes note of the server's time, as the `Date` of an answer says it. */
export function noteServerTime(date: string | null): void {
  const said = date === null ? Number.NaN : Date.parse(date);
  // It leaves the part of a second out: what ends soon is better thought to end too early.
  if (!Number.isNaN(said)) aheadMs = said + 1_000 - now();
}

/** What the server's clock says now: what it lets end, ends by that one. */
export function serverNow(): number {
  return now() + aheadMs;
}

/** The last UTC day that is over. */
export function yesterday(): Day {
  return addDays(dayOf(now()), -1);
}
