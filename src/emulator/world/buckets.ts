import { DAY_MS, HOUR_MS, instantText } from "./calendar.ts";
import type { Bucket, BucketWidth } from "./types.ts";

export const WIDTH_MS: Record<BucketWidth, number> = { "1d": DAY_MS, "1h": HOUR_MS, "1m": 60_000 };

/** Empty buckets over [from, to), oldest first. */
export function emptyBuckets<Row>(from: number, to: number, widthMs: number): Bucket<Row>[] {
  const count = Math.max(0, Math.floor((to - from) / widthMs));
  return Array.from({ length: count }, (_, at) => ({
    starting_at: instantText(from + at * widthMs),
    ending_at: instantText(from + (at + 1) * widthMs),
    results: [],
  }));
}

/** Indexes of the UTC days that [from, to) touches. */
export function daysWithin(from: number, to: number): number[] {
  const first = Math.floor(from / DAY_MS);
  return Array.from({ length: Math.max(0, Math.ceil(to / DAY_MS) - first) }, (_, at) => first + at);
}
