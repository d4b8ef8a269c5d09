import { DAY_MS, dayText } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import { coverageOf } from "../store/index.ts";
import type { CoverageRow, Scope, Tx } from "../store/index.ts";
import { provisionalDays } from "./tables.ts";
import type { DayRange } from "./types.ts";

/** One stream of one organization, as far as it was read. */
export interface StreamCoverage {
  readonly organizationId: string;
  readonly stream: string;
  readonly days: ReadonlyMap<DayNumber, DayState>;
}

/** `partial`: read, but not to its end, or before the day was over. */
export interface DayState {
  readonly state: "complete" | "partial";
  readonly provisional: boolean;
}

export async function streamCoverage(
  tx: Tx,
  scope: Scope,
  organizationId: string,
  stream: string,
): Promise<StreamCoverage> {
  const rows = await coverageOf(tx, scope, organizationId, stream);
  const provisional = provisionalDays(stream) * DAY_MS;
  return { organizationId, stream, days: new Map(rows.map((row) => [row.day, stateOf(row, provisional)])) };
}

function stateOf(row: CoverageRow, provisionalMs: number): DayState {
  const end = (row.day + 1) * DAY_MS;
  // Analytics say how far their data reach; the others tell the day is over by the clock of the answer.
  const knownUntil = Math.min(row.readAtMs, row.refreshedAtMs ?? Infinity);
  const complete = row.state === "complete" && knownUntil >= end;
  return { state: complete ? "complete" : "partial", provisional: complete && row.readAtMs < end + provisionalMs };
}

/** The last day that is complete, or null. */
export function lastComplete(coverages: readonly StreamCoverage[]): DayNumber | null {
  const days = [...(coverages[0]?.days.keys() ?? [])].sort((a, b) => b - a);
  return days.find((day) => coverages.every((one) => one.days.get(day)?.state === "complete")) ?? null;
}

export function isFull(coverage: StreamCoverage, span: Span): boolean {
  for (let day = span.from; day < span.to; day++) if (coverage.days.get(day)?.state !== "complete") return false;
  return true;
}

export function touches(coverage: StreamCoverage, span: Span | null): boolean {
  if (!span) return coverage.days.size > 0;
  for (let day = span.from; day < span.to; day++) if (coverage.days.has(day)) return true;
  return false;
}

/** Days of the range as all read streams together have them. */
export interface RangeCoverage {
  readonly completeThrough: string | null;
  readonly coverage: { days: number; covered: number; partial: number; missing: readonly DayRange[] };
  /** The first day that every stream has read, or null: what is missing before it needs a backfill, not a sync. */
  readonly heldFrom: string | null;
  readonly provisional: readonly DayNumber[];
  /** `complete` when every stream has the day whole, `missing` when one has not read it at all. */
  stateOf(day: DayNumber): "complete" | "partial" | "missing";
}

/**
 * What the answer's streams cover.
 *
 * `completeThrough` is the last day up to which there is no gap, counted from the first day that was read: what lies
 * before it is missing, not late. A gap is never taken for an idle day.
 */
export function rangeCoverage(coverages: readonly StreamCoverage[], span: Span): RangeCoverage {
  const stateOf = (day: DayNumber) => {
    const states = coverages.map((one) => one.days.get(day)?.state);
    if (states.length === 0 || states.includes(undefined)) return "missing" as const;
    return states.includes("partial") ? ("partial" as const) : ("complete" as const);
  };
  const missing: DayNumber[] = [];
  const provisional: DayNumber[] = [];
  let covered = 0;
  let partial = 0;
  let through: DayNumber | null = null;
  let unbroken = true;
  for (let day = span.from; day < span.to; day++) {
    const state = stateOf(day);
    if (state === "complete") covered++;
    else if (state === "partial") partial++;
    else missing.push(day);
    if (state === "complete" && unbroken) through = day;
    else if (through !== null) unbroken = false;
    else if (state === "partial") unbroken = false;
    if (state === "complete" && coverages.some((one) => one.days.get(day)?.provisional)) provisional.push(day);
  }
  return {
    completeThrough: through === null ? null : dayText(through),
    coverage: { days: span.to - span.from, covered, partial, missing: asRanges(missing) },
    heldFrom: heldFrom(coverages),
    provisional,
    stateOf,
  };
}

function heldFrom(coverages: readonly StreamCoverage[]): string | null {
  const firsts = coverages.map(({ days }) => Math.min(Infinity, ...days.keys()));
  const first = Math.max(...firsts);
  return Number.isFinite(first) ? dayText(first) : null;
}

function asRanges(days: readonly DayNumber[]): DayRange[] {
  const ranges: { from: DayNumber; to: DayNumber }[] = [];
  for (const day of days) {
    const last = ranges.at(-1);
    if (last && last.to === day - 1) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges.map(({ from, to }) => ({ from: dayText(from), to: dayText(to) }));
}
