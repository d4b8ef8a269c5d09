import { dayText, monthStart, weekStart } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import type { Grain } from "./types.ts";

/** First day of the bucket that holds the day. Weeks are ISO weeks, months are calendar months, both UTC. */
export function bucketOf(day: DayNumber, grain: Grain): DayNumber {
  if (grain === "day") return day;
  return grain === "week" ? weekStart(day) : monthStart(day);
}

/** How a bucket is written: the day, the week's Monday, or `YYYY-MM`. */
export function bucketText(bucket: DayNumber, grain: Grain): string {
  return grain === "month" ? dayText(bucket).slice(0, 7) : dayText(bucket);
}

/** Every bucket that the range touches, oldest first, with the days of the range in it. */
export function bucketsOf(span: Span, grain: Grain): { readonly bucket: DayNumber; readonly days: Span }[] {
  const buckets: { bucket: DayNumber; days: { from: DayNumber; to: DayNumber } }[] = [];
  for (let day = span.from; day < span.to; day++) {
    const bucket = bucketOf(day, grain);
    const last = buckets.at(-1);
    if (last && last.bucket === bucket) last.days.to = day + 1;
    else buckets.push({ bucket, days: { from: day, to: day + 1 } });
  }
  return buckets;
}
