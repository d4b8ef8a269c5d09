import { dayText, grouped } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { cents } from "./amount.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `5 Nov 2026`, as sentences say a day. */
export function spokenDay(day: DayNumber): string {
  const [year = "", month = "", date = ""] = dayText(day).split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** `$1,378.22`, as sentences say money. */
export function spokenUsd(picoUsd: bigint): string {
  return `$${grouped(cents(picoUsd))}`;
}

/** `in Nov 2026`, `in the week of 16 Nov 2026`, `on 20 Nov 2026`. */
export function spokenPeriod(period: "day" | "week" | "month", first: DayNumber): string {
  const day = spokenDay(first);
  if (period === "day") return `on ${day}`;
  return period === "week" ? `in the week of ${day}` : `in ${day.slice(day.indexOf(" ") + 1)}`;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** `Thursday`. */
export function spokenWeekday(day: DayNumber): string {
  // Day 0 was a Thursday.
  return WEEKDAYS[(day + 4) % 7] ?? "";
}

const MISSING: Readonly<Record<string, string>> = {
  api_key: "an API key",
  model_family: "a model",
  person: "a person",
  team: "a team",
};

/** What a sentence calls a member of a dimension: families begin with a capital, the missing value says so. */
export function memberName(dimension: string, key: string | null): string {
  // Not "No team", which reads as if none of them had spent anything.
  if (key === null) return `Use without ${MISSING[dimension] ?? `a ${dimension.replaceAll("_", " ")}`}`;
  return dimension === "model_family" ? key.charAt(0).toUpperCase() + key.slice(1) : key;
}
