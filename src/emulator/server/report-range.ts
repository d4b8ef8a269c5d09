import type { BucketWidth } from "../world/types.ts";
import { bucketTime } from "./ids.ts";
import { pageToken, readPageToken } from "./paging.ts";
import { badField, Problem } from "./problem.ts";
import type { Query } from "./query.ts";

export const WIDTH_MS: Readonly<Record<BucketWidth, number>> = { "1d": 86_400_000, "1h": 3_600_000, "1m": 60_000 };

export const floorTo = (at: number, step: number): number => Math.floor(at / step) * step;
export const ceilTo = (at: number, step: number): number => Math.ceil(at / step) * step;

/** The buckets of one page of a legacy report. */
export interface ReportPage {
  /** Whole buckets, half-open, milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The moment at which the data is looked at: that of the first page of the sequence. */
  readonly now: number;
  readonly has_more: boolean;
  readonly next_page: string | null;
}

/**
 * Works out which buckets a legacy report's page holds: those that start on or after `starting_at` and end by
 * `ending_at`. Without an end the last bucket is the last one that is over; with one, the running bucket is included.
 *
 * @throws Problem 400 with `x-should-retry: false` when no whole bucket fits.
 */
export function reportPage(query: Query, path: string, widthMs: number, limit: number, now: number): ReportPage {
  const boundTo = query.fingerprint(path);
  const start = ceilTo(query.requiredInstant("starting_at"), widthMs);
  const given = query.instant("ending_at");
  const token = readPageToken(query, boundTo);
  const seenAt = token?.now ?? now;
  const end = token?.end ?? floorTo(given ?? now, widthMs);
  if (end <= start) throw invalidRange();
  // Buckets that have not begun are not part of any answer.
  const known = Math.min(end, floorTo(seenAt, widthMs) + widthMs);
  const from = token?.at ?? start;
  const to = Math.max(from, Math.min(from + limit * widthMs, known));
  const more = to < known;
  return {
    from,
    to,
    now: seenAt,
    has_more: more,
    next_page: more ? pageToken({ at: to, end, now: seenAt }, boundTo) : null,
  };
}

export function invalidRange(): Problem {
  return new Problem(400, "Invalid date range: ending date must be after starting date", {
    headers: { "x-should-retry": "false" },
  });
}

const EARLIEST_ANALYTICS = Date.UTC(2026, 0, 1);
const DAY_MS = WIDTH_MS["1d"];

/** The range of an analytics question, aligned to its buckets (to the hour without buckets). */
export function analyticsRange(query: Query, width: BucketWidth | null, now: number): { from: number; to: number } {
  const start = query.requiredInstant("starting_at");
  const given = query.instant("ending_at");
  if (start < EARLIEST_ANALYTICS) throw badField("starting_at", "Data begins at 2026-01-01T00:00:00Z");
  if (start < now - 365 * DAY_MS) throw badField("starting_at", "Input should be within the last 365 days");
  if (width !== null && given === undefined) throw badField("ending_at", "Field required with time_bucket_width");
  const end = given ?? Math.min(now, start + 31 * DAY_MS);
  if (end <= start) throw invalidRange();
  if (end - start > 31 * DAY_MS) throw badField("ending_at", "The range should be at most 31 days");
  if (width === "1m" && end - start > DAY_MS) {
    throw badField("ending_at", "The range should be at most 24 hours with time_bucket_width 1m");
  }
  const step = WIDTH_MS[width ?? "1h"];
  const from = floorTo(start, step);
  const to = floorTo(end, step);
  if (to <= from) throw invalidRange();
  return { from, to };
}

/** At most five dimensions, each once. */
export function groupBy<Name extends string>(
  query: Query,
  allowed: readonly Name[],
  uncounted: readonly string[] = [],
) {
  const names = [...new Set(query.choices("group_by", allowed))];
  if (names.filter((name) => !uncounted.includes(name)).length > 5) {
    throw badField("group_by[]", "more than 5 group_by[] dimensions cannot be specified");
  }
  return names;
}

/** `data_refreshed_at`: analytics data is complete up to about four hours ago. */
export const refreshedAt = (now: number): string => bucketTime(floorTo(now - 4 * WIDTH_MS["1h"], WIDTH_MS["1h"]));
