/** A UTC day as `YYYY-MM-DD`. Inside the pages days stay text: a Date would drag a time zone in. */
export type Day = string;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_MS = 86_400_000;

/** `21 Nov 2026`. A month (`2026-11`) as `Nov 2026`. */
export function formatDay(day: Day): string {
  const [year = "", month = "", date] = day.split("-");
  return date === undefined ? `${monthName(month)} ${year}` : `${Number(date)} ${monthName(month)} ${year}`;
}

/** `21 Nov`, where the year is said nearby. */
export function formatDayShort(day: Day): string {
  return formatDay(day).replace(/ \d{4}$/, "");
}

/** `1–30 Nov 2026`, `28 Oct – 3 Nov 2026`, `30 Dec 2025 – 2 Jan 2026`. */
export function formatRange(from: Day, to: Day): string {
  if (from === to) return formatDay(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))}–${formatDay(to)}`;
  return `${from.slice(0, 4) === to.slice(0, 4) ? formatDayShort(from) : formatDay(from)} – ${formatDay(to)}`;
}

/** `21 Nov 2026, 14:05 UTC` of an instant. */
export function formatInstant(instant: string): string {
  return `${formatDay(instant.slice(0, 10))}, ${instant.slice(11, 16)} UTC`;
}

/** `3 minutes ago`, `2 days ago`: a length of time in its largest unit. */
export function formatAgo(ms: number): string {
  const found = AGO.find(({ unit }) => ms >= unit);
  if (found === undefined) return "just now";
  const count = Math.floor(ms / found.unit);
  return `${count} ${found.name}${count === 1 ? "" : "s"} ago`;
}

export function addDays(day: Day, days: number): Day {
  return dayOf(msOf(day) + days * DAY_MS);
}

/** Days of a range, both ends counted. */
export function dayCount(from: Day, to: Day): number {
  return Math.round((msOf(to) - msOf(from)) / DAY_MS) + 1;
}

/** The UTC day of an instant in milliseconds. */
export function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}

export function msOf(day: Day): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return Date.UTC(year, month - 1, date);
}

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(msOf(text)) === text;
}

export function monthStart(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

/** Every bucket of a grain from the first day's to the last day's: days, Mondays, or months. */
export function bucketsOf(from: Day, to: Day, grain: "day" | "week" | "month"): Day[] {
  const found: Day[] = [];
  if (grain === "month") {
    for (let day = monthStart(from); day <= to; day = monthStart(addDays(day, 31))) found.push(day.slice(0, 7));
    return found;
  }
  const first = grain === "week" ? mondayOf(from) : from;
  for (let day = first; day <= to; day = addDays(day, grain === "week" ? 7 : 1)) found.push(day);
  return found;
}

/** The Monday of a day's ISO week. */
export function mondayOf(day: Day): Day {
  return addDays(day, -((new Date(msOf(day)).getUTCDay() + 6) % 7));
}

const AGO = [
  { unit: DAY_MS, name: "day" },
  { unit: 3_600_000, name: "hour" },
  { unit: 60_000, name: "minute" },
];

function monthName(month: string): string {
  return MONTHS[Number(month) - 1] ?? month;
}
