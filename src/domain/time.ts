import { Failure } from "./failure.ts";

/** Whole UTC days since 1970-01-01. The unit of every window, coverage entry and fact row. */
export type DayNumber = number;

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** Half-open span of days: `from` held, `to` not. */
export interface Span {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

export function dayOfInstant(ms: number): DayNumber {
  return Math.floor(ms / DAY_MS);
}

export function startOfDay(day: DayNumber): number {
  return day * DAY_MS;
}

/** `2026-11-01`. */
export function dayText(day: DayNumber): string {
  // Rows of one day are written one after another.
  if (day !== lastDay) [lastDay, lastText] = [day, new Date(day * DAY_MS).toISOString().slice(0, 10)];
  return lastText;
}

let lastDay: DayNumber = 0;
let lastText = "1970-01-01";

/** `2026-11-01T00:00:00Z`, the form in which reports bound their buckets. */
export function bucketText(day: DayNumber): string {
  return `${dayText(day)}T00:00:00Z`;
}

/**
 * Reads `YYYY-MM-DD` strictly.
 *
 * @throws Failure `input.date_unreadable` for anything else, 2026-02-30 included.
 */
export function parseDay(text: string, field = "date"): DayNumber {
  const day = tryDay(text);
  if (day === null) throw new Failure("input.date_unreadable", { field, value: text });
  return day;
}

/** As `parseDay`, with null instead of a failure. Years 1970 to 9999. */
export function tryDay(text: string): DayNumber | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  if (Number.isNaN(ms) || ms < 0) return null;
  return dayText(ms / DAY_MS) === text ? ms / DAY_MS : null;
}

/** The day that an upstream RFC 3339 instant falls on in UTC, or null when it is unreadable. Offsets are accepted. */
export function dayOfText(text: string): DayNumber | null {
  if (text !== lastRead.text) lastRead = { text, day: readDay(text) };
  return lastRead.day;
}

// The rows of a page share their day, and reading a date costs more than the rest of a row's key.
let lastRead: { readonly text: string; readonly day: DayNumber | null } = { text: "", day: null };

function readDay(text: string): DayNumber | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return tryDay(text);
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : dayOfInstant(ms);
}

/** Monday of the ISO week that holds the day. */
export function weekStart(day: DayNumber): DayNumber {
  // Day 0 was a Thursday.
  return day - ((day + 3) % 7);
}

/** First day of the UTC calendar month that holds the day. */
export function monthStart(day: DayNumber): DayNumber {
  return tryDay(`${dayText(day).slice(0, 7)}-01`)!;
}
