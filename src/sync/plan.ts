import { DAY_MS, startOfDay, type DayNumber, type Span } from "../domain/index.ts";
import type { ReportShape, Window } from "../source/index.ts";
import type { CoverageRow } from "../store/index.ts";

/** The monthly sweep: days this young are read again when nobody has read them for this long. */
export const SWEEP_DAYS = 90;
export const SWEEP_EVERY_MS = 30 * DAY_MS;

/** Upstream's clock may run this far behind a saved reading before the reading counts as made in the future. */
const CLOCK_SLACK_MS = 5 * 60_000;

export type DayState = "provisional" | "settled" | "revised";

/** Why a day is to be read; `new` days are the back-fill, the others look again. */
export type Owed = { readonly day: DayNumber; readonly why: "new" | "incomplete" | "unfinished" | "reread" | "sweep" };

/**
 * The days that a report stream still owes us, oldest first: never read, read in part, read before they were over,
 * still open to restatement, or due for the monthly sweep. Pure; `nowMs` is upstream's clock.
 *
 * A reading dated after `nowMs` is not believed (F60): its day is owed again.
 */
export function owedDays(coverage: readonly CoverageRow[], from: DayNumber, shape: ReportShape, nowMs: number): Owed[] {
  const today = Math.floor(nowMs / DAY_MS);
  const byDay = new Map(coverage.map((row) => [row.day, row]));
  const owed: Owed[] = [];
  for (let day = Math.max(from, shape.earliest(today)); day <= today; day += 1) {
    const why = whyOwed(byDay.get(day), day, today, shape, nowMs);
    if (why !== null) owed.push({ day, why });
  }
  return owed;
}

/**
 * Cuts the owed days into windows, newest first, so that the first answer comes early.
 *
 * The windows cover every owed day exactly once, nothing else, and none is longer than `longest`.
 */
export function planWindows(stream: string, days: readonly DayNumber[], longest: number): Window[] {
  const windows: Window[] = [];
  let open: { from: DayNumber; to: DayNumber } | null = null;
  for (const day of days.toSorted((a, b) => b - a)) {
    if (open !== null && day === open.from - 1 && open.to - day <= longest) open.from = day;
    else windows.push({ stream, span: (open = { from: day, to: day + 1 }) });
  }
  return windows;
}

/** How far the figures of a covered day can still move. Null: the day is not (wholly) covered. */
export function dayState(row: CoverageRow | undefined, provisionalDays: number): DayState | null {
  if (row?.state !== "complete") return null;
  if (row.readAtMs < settlesAt(row.day, provisionalDays)) return "provisional";
  return row.revised > 0 ? "revised" : "settled";
}

/** When upstream is done with a day. */
export function settlesAt(day: DayNumber, provisionalDays: number): number {
  return startOfDay(day + 1 + provisionalDays);
}

/** Days as half-open spans, oldest first. */
export function spansOf(days: Iterable<DayNumber>): Span[] {
  const spans: { from: DayNumber; to: DayNumber }[] = [];
  for (const day of [...days].toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.to === day) last.to = day + 1;
    else if (last === undefined || day > last.to) spans.push({ from: day, to: day + 1 });
  }
  return spans;
}

function whyOwed(
  row: CoverageRow | undefined,
  day: DayNumber,
  today: DayNumber,
  shape: ReportShape,
  nowMs: number,
): Owed["why"] | null {
  if (row === undefined || row.readAtMs > nowMs + CLOCK_SLACK_MS) return "new";
  if (row.state === "partial") return "incomplete";
  if (row.readAtMs < startOfDay(day + 1)) return "unfinished";
  const sinceRead = nowMs - row.readAtMs;
  // The last look at a day comes after the source is done with it, however long nobody synced.
  const settles = settlesAt(day, shape.provisionalDays);
  if (row.readAtMs < settles && nowMs >= settles) return "reread";
  const age = today - day;
  if (shape.rereads.some((rule) => age <= rule.days && sinceRead >= rule.everyMs)) return "reread";
  if (age <= SWEEP_DAYS && sinceRead >= SWEEP_EVERY_MS) return "sweep";
  return null;
}
