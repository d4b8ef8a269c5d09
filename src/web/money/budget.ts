import type { OverTime } from "../charts/over-time.ts";
import type { Output } from "../client/index.ts";
import { addDays, dayCount, labelOf, monthStart, type Day } from "../format/index.ts";

type Budget = Output<"listBudgets">["budgets"][number];

export const BUDGET_SCOPES = [
  { value: "organization", label: "The organization" },
  { value: "workspace", label: "A workspace" },
  { value: "team", label: "A team" },
  { value: "person", label: "A person" },
  { value: "api_key", label: "An API key" },
  { value: "model", label: "A model" },
  { value: "tool", label: "A tool" },
] as const;

export const PERIODS = [
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
] as const;

/** What a budget limits, by its name. */
export function budgetAbout({ scope, value, called }: Pick<Budget, "scope" | "value" | "called">): string {
  if (value === null) return scope === "organization" ? "The organization" : labelOf("null", scope);
  return called ?? labelOf(value, scope);
}

/** What it is one of: `workspace`; null for the whole organization. */
export function budgetScope({ scope, value }: Pick<Budget, "scope" | "value">): string | null {
  if (scope === "organization" && value === null) return null;
  return BUDGET_SCOPES.find((one) => one.value === scope)!.label.replace(/^(?:An?|The) /, "");
}

/**
 * A budget as a line across buckets of a day, a week or a month: the one of what the page shows, and of the same kind of
 * money; of several, the one of such a bucket. A month is that of the day that is shown last.
 *
 * @param narrowed all that the page is narrowed to; null when it is by more than values, and nothing fits
 */
export function budgetLine(
  budgets: readonly Budget[] | undefined,
  narrowed: readonly { readonly dimension: string; readonly value: string | null }[] | null,
  kind: string,
  grain: OverTime["grain"],
  lastDay: Day,
): OverTime["level"] {
  if (narrowed === null || narrowed.length > 1) return undefined;
  const [only] = narrowed;
  const fitting = (budgets ?? []).filter(
    (one) =>
      one.kind === kind &&
      (only === undefined
        ? one.scope === "organization" && one.value === null
        : one.scope === only.dimension && one.value === only.value),
  );
  const order = ["month", "week", "day"];
  const [chosen] = fitting.toSorted(
    (a, b) =>
      Number(b.period === grain) - Number(a.period === grain) || order.indexOf(a.period) - order.indexOf(b.period),
  );
  if (chosen === undefined) return undefined;
  const first = monthStart(lastDay);
  const days = { day: 1, week: 7, month: dayCount(first, addDays(monthStart(addDays(first, 31)), -1)) };
  const value = (Number(chosen.amountUsd) / days[chosen.period]) * days[grain];
  return { label: chosen.period === grain ? "Budget" : `Budget per ${grain}`, value };
}
