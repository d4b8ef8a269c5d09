import { dayText } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `5 Nov 2026`, as sentences say a day. */
export function spokenDay(day: DayNumber): string {
  const [year = "", month = "", date = ""] = dayText(day).split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
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
