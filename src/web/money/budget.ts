import type { OverTime } from "../charts/over-time.ts";
import { addDays, dayCount, monthStart, type Day } from "../format/index.ts";

/** A monthly budget as a line across buckets of a day, a week or a month; days are those of the month that is shown last. */
export function budgetLevel(
  budgetMonthlyUsd: string | null | undefined,
  grain: OverTime["grain"],
  lastDay: Day,
): OverTime["level"] {
  if (budgetMonthlyUsd == null) return undefined;
  const month = Number(budgetMonthlyUsd);
  if (grain === "month") return { label: "Budget", value: month };
  const first = monthStart(lastDay);
  const perDay = month / dayCount(first, addDays(monthStart(addDays(first, 31)), -1));
  return grain === "day" ? { label: "Budget per day", value: perDay } : { label: "Budget per week", value: perDay * 7 };
}
