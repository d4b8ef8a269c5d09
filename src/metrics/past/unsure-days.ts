import { DAY_MS } from "../../domain/index.ts";
import type { DayNumber, PastDay, Span } from "../../domain/index.ts";
import type { CoverageRow } from "../../store/index.ts";
import type { StreamCoverage } from "../coverage.ts";

/** Days of a stream that were read again after the day looked back at. */
export interface UnsureDays {
  readonly organizationId: string;
  readonly stream: string;
  readonly days: readonly DayNumber[];
}

/**
 * Days of which it cannot be told whether they had been read whole by then: only the newest reading of a day is kept.
 *
 * No doubt: a day last read before then, one that is not whole today either, one that was not over by then, and all days
 * of a stream of which nothing had been read.
 */
export function unsureDays(rows: readonly CoverageRow[], hadRecords: boolean, asOfMs: number): DayNumber[] {
  if (!hadRecords && rows.every((row) => row.readAtMs >= asOfMs)) return [];
  return rows
    .filter(({ day, state, readAtMs }) => readAtMs >= asOfMs && state === "complete" && (day + 1) * DAY_MS < asOfMs)
    .map(({ day }) => day);
}

export function pastDayOf(day: DayNumber, unsure: readonly UnsureDays[]): PastDay {
  const days = new Map(unsure.map((one) => [`${one.stream} ${one.organizationId}`, new Set(one.days)]));
  return {
    day,
    isUnsure: (organizationId, stream, asked) => days.get(`${stream} ${organizationId}`)?.has(asked) ?? false,
  };
}

/** Of the days of an answer: those in doubt, and what of them is not shown as covered. */
export interface Doubt {
  readonly days: number;
  readonly partial: number;
  readonly missing: number;
}

export function doubtAmong(past: PastDay | undefined, coverages: readonly StreamCoverage[], span: Span): Doubt {
  const doubt = { days: 0, partial: 0, missing: 0 };
  if (past === undefined) return doubt;
  for (let day = span.from; day < span.to; day++) {
    const isDoubtful = ({ organizationId, stream }: StreamCoverage) => past.isUnsure(organizationId, stream, day);
    if (!coverages.some(isDoubtful)) continue;
    doubt.days++;
    const lacking = coverages.filter((one) => one.days.get(day)?.state !== "complete");
    if (lacking.length === 0 || !lacking.every(isDoubtful)) continue;
    if (lacking.some((one) => !one.days.has(day))) doubt.missing++;
    else doubt.partial++;
  }
  return doubt;
}
