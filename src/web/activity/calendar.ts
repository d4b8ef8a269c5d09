import type { Heat } from "../charts/heat-map.ts";
import type { Output } from "../client/index.ts";
import { addDays, formatDay, formatDayShort, mondayOf } from "../format/index.ts";

type Calendar = Output<"activeUsers">["calendar"];

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * Days as cells: a column for each week, a row for each day of the week.
 *
 * What lies before the first week that was read stays blank; a short record is not drawn larger than a long one.
 */
export function calendarHeat(calendar: Calendar, { least, most }: { least: number; most: number }): Heat {
  const first = calendar.find(({ state }) => state !== "missing")?.day;
  const days = first === undefined ? [] : calendar.filter(({ day }) => day >= mondayOf(first));
  const weeks = [...new Set(days.map(({ day }) => mondayOf(day)))].slice(-most);
  const shown = new Set(weeks);
  const [earliest] = weeks;
  const blank = earliest === undefined ? 0 : Math.max(0, least - weeks.length);
  const columns = [...Array.from({ length: blank }, (_, at) => addDays(earliest ?? "", 7 * (at - blank))), ...weeks];
  return {
    unit: "people",
    note: "active each day",
    rows: WEEKDAYS.map((label, at) => ({ name: String(at), label })),
    columns: columns.map((monday) => ({ name: monday, label: formatDayShort(monday) })),
    cells: days
      .filter(({ day }) => shown.has(mondayOf(day)))
      .map(({ day, active, state }) => ({
        row: String(weekdayOf(day)),
        column: mondayOf(day),
        value: active,
        title: `${WEEKDAYS[weekdayOf(day)]} ${formatDay(day)}${STATES[state]}`,
      })),
  };
}

/** The week that a picked cell is in, whole as far as the record goes. */
export function weekOfCell(key: string, last: string): { from: string; to: string } {
  const monday = key.split("\u0000")[1] ?? last;
  const sunday = addDays(monday, 6);
  return { from: monday, to: sunday < last ? sunday : last };
}

const STATES = { complete: "", partial: ", read in part", missing: ", not collected" } as const;

function weekdayOf(day: string): number {
  return WEEKDAYS.findIndex((_, at) => addDays(mondayOf(day), at) === day);
}
