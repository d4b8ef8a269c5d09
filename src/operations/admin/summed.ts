import { dayText, dollars, type RowValue, type Span } from "../../domain/index.ts";
import type { Value } from "../../metrics/index.ts";
import type { ReportRow } from "./report-shapes.ts";

export interface Part {
  /** What the row is grouped by, under the names that are shown. */
  readonly place: Readonly<Record<string, string | null>>;
  readonly values: Readonly<Record<string, RowValue | undefined>>;
}

export interface Summed {
  readonly place: Part["place"];
  /** Null as soon as one part is unknown: a sum without it would pass for the whole. */
  readonly sums: Record<string, bigint | null>;
}

/** Adds up whole numbers by place. */
export function summed(parts: Iterable<Part>, columns: readonly string[]): Summed[] {
  const places = new Map<string, Summed>();
  for (const { place, values } of parts) {
    const key = JSON.stringify(place);
    const own = places.get(key) ?? { place, sums: Object.fromEntries(columns.map((name) => [name, 0n])) };
    places.set(key, own);
    for (const name of columns) {
      const { [name]: before = null } = own.sums;
      const value = values[name];
      own.sums[name] = before === null || typeof value !== "bigint" ? null : before + value;
    }
  }
  return [...places.values()];
}

/** Counts as JSON numbers while they are exact, else their digits. */
export function shownSum(sum: bigint | null | undefined): number | string | null {
  if (sum === null || sum === undefined) return null;
  const number = Number(sum);
  return Number.isSafeInteger(number) ? number : sum.toString();
}

export function shownUsd(picoUsd: bigint | null | undefined): string | null {
  return picoUsd === null || picoUsd === undefined ? null : dollars(picoUsd);
}

/** Every day of the span that is not there, with 0: a day without anything is known to be one. */
export function withQuietDays(rows: readonly ReportRow[], span: Span, zero: ReportRow): ReportRow[] {
  const there = new Set(rows.map((row) => row["starting_at"]));
  const quiet = Array.from({ length: span.to - span.from }, (_, at) => bucketStart(span.from + at))
    .filter((start) => !there.has(start))
    .map((start) => ({ starting_at: start, ...zero }));
  return [...rows, ...quiet];
}

/** The start of a day's bucket, as the API writes it. */
export function bucketStart(day: number | string): string {
  return `${typeof day === "number" ? dayText(day) : day}T00:00:00Z`;
}

/** By time the oldest first, else the largest by this measure; equal ones by what they are grouped by. */
export function inOrder(rows: readonly ReportRow[], measure: string, groups: readonly string[]): ReportRow[] {
  const timeOf = ({ starting_at: start }: ReportRow) => (typeof start === "string" ? start : "");
  const placeOf = (row: ReportRow) => JSON.stringify(groups.map((name) => row[name] ?? null));
  return rows.toSorted((a, b) => {
    if (timeOf(a) !== timeOf(b)) return timeOf(a) < timeOf(b) ? -1 : 1;
    // Only for the order: what is shown is exact. By time a day keeps one order from day to day.
    const bySize = timeOf(a) === "" ? Number(b[measure] ?? -1) - Number(a[measure] ?? -1) : 0;
    return bySize !== 0 ? bySize : placeOf(a) < placeOf(b) ? -1 : 1;
  });
}

/** Whether a row says that there was nothing: the API has no row for it. */
export function isNothing(row: ReportRow, measures: readonly string[]): boolean {
  return measures.every((name) => row[name] === undefined || isZero(row[name] as Value));
}

function isZero(value: Value | undefined): boolean {
  return value !== null && Number(value) === 0;
}
