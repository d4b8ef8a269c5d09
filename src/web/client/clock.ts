import { addDays, dayOf, type Day } from "../format/index.ts";

/** The browser's clock, read in this one place. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** The last UTC day that is over. */
export function yesterday(): Day {
  return addDays(dayOf(now()), -1);
}
