import type { z } from "zod";

import { dayOfInstant, dayText, monthStart, parseDay, picoUsdFromDollars } from "../../domain/index.ts";
import type { DayNumber, Span } from "../../domain/index.ts";
import type { Question } from "../../metrics/index.ts";
import { cents } from "./amount.ts";
import { isAnswer } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { expectedOn, forecastMonth, METHOD, shownForecast } from "./forecast.ts";
import type { DayAmount, monthForecast } from "./forecast.ts";
import { completeDays } from "./reconcile.ts";

export type MonthForecast = z.output<typeof monthForecast>;

/** Enough for four same weekdays before each of the 28 days that test the rule. */
const LOOKS_BACK = 63;

/** What the current month will come to, beside what was planned for it. */
export async function monthForecastOf(
  asker: Asker,
  filters: Pick<Question, "where" | "kind" | "population">,
  budgetUsd: string | null,
): Promise<MonthForecast> {
  const today = dayOfInstant(asker.now);
  const month = monthOf(today);
  const kind = filters.kind ?? "estimated";
  const empty = {
    month: { from: dayText(month.from), to: dayText(month.to - 1) },
    kind,
    forecastUsd: null,
    actualUsd: null,
    expectedUsd: null,
    completeDays: 0,
    remainingDays: month.to - month.from,
    interval: null,
    method: METHOD,
    budgetUsd,
    overBudgetUsd: null,
    budgetReachedOn: null,
  };
  const from = dayText(Math.max(0, month.from - LOOKS_BACK));
  const found = await asker.tryAsk({ ...filters, metric: "cost", grain: "day", from, to: dayText(today) });
  if (!isAnswer(found)) return { ...empty, reason: "not_reported_by_source" };
  const complete = [...completeDays(found)].map(([day, amount]) => ({ day: parseDay(day), amount }));
  const known = complete.filter(({ day }) => day < today);
  const completeOfMonth = known.filter(({ day }) => day >= month.from).length;
  const forecast = forecastMonth(known, month);
  if (forecast === null) return { ...empty, completeDays: completeOfMonth, reason: "not_collected_yet" };
  const budget = budgetUsd === null ? null : picoUsdFromDollars(budgetUsd).picoUsd;
  return {
    ...empty,
    ...shownForecast(forecast),
    completeDays: completeOfMonth,
    reason: null,
    overBudgetUsd: budget === null ? null : cents(forecast.actual + forecast.expected - budget),
    budgetReachedOn: budget === null ? null : reachedOn(budget, known, month),
  };
}

export function monthOf(day: DayNumber): Span {
  const from = monthStart(day);
  return { from, to: monthStart(from + 31) };
}

/** The day on which the month's spend, as it was and as it is expected, passes an amount; null when it does not. */
function reachedOn(budget: bigint, known: readonly DayAmount[], month: Span): string | null {
  const byDay = new Map(known.map(({ day, amount }) => [day, amount]));
  let sum = 0n;
  for (let day = month.from; day < month.to; day++) {
    sum += byDay.get(day) ?? expectedOn(day, known);
    if (sum > budget) return dayText(day);
  }
  return null;
}
