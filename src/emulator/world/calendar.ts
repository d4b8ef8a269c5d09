import { shareOf } from "./random.ts";

/**
 * Days of the invented organization. A day is its index since 1970-01-01 (UTC); "offset" counts from the first day of
 * the history, so that a longer history with the same first day repeats the shorter one.
 */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** @throws RangeError for anything but a real `YYYY-MM-DD`. */
export function dayIndex(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) throw new RangeError(`not a day: ${day}`);
  return ms / DAY_MS;
}

export function dayText(index: number): string {
  return new Date(index * DAY_MS).toISOString().slice(0, 10);
}

/** `2026-11-01T00:00:00Z`, the form of bucket bounds. */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Object timestamps carry microseconds. */
export function stampText(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 23)}${String(Math.floor(shareOf("us", ms % 1e9) * 1000)).padStart(3, "0")}Z`;
}

export type DayKind = "workday" | "weekend" | "holiday" | "hackathon";

/** A hackathon every 18 days, a company holiday without any usage (machines included) every 60, both on weekdays. */
export function kindOf(seed: number, day: number, firstDay: number): DayKind {
  const offset = day - firstDay;
  if (offset >= 0 && day === holidayIn(seed, Math.floor(offset / 60), firstDay)) return "holiday";
  if (isWeekend(day)) return "weekend";
  if (offset >= 0 && day === hackathonIn(seed, Math.floor(offset / 18), firstDay)) return "hackathon";
  return "workday";
}

function isWeekend(day: number): boolean {
  const weekday = weekdayOf(day);
  return weekday === 0 || weekday === 6;
}

function holidayIn(seed: number, block: number, firstDay: number): number {
  return onWeekday(firstDay + block * 60 + 13 + Math.floor(shareOf(seed, "holiday", block) * 3));
}

function hackathonIn(seed: number, block: number, firstDay: number): number {
  return onWeekday(firstDay + block * 18 + 4 + Math.floor(shareOf(seed, "hackathon", block) * 4));
}

/** The same day, or the Monday after. At most two days later, so holidays (13 to 17) and hackathons (4 to 9) never meet. */
function onWeekday(day: number): number {
  if (weekdayOf(day) === 6) return day + 2;
  return weekdayOf(day) === 0 ? day + 1 : day;
}

function weekdayOf(day: number): number {
  return new Date(day * DAY_MS).getUTCDay();
}
