import { z } from "zod";

import { dayOfInstant, dayText, parseDay, picoUsdFromDollars, weekStart } from "../../domain/index.ts";
import type { DayNumber, Span } from "../../domain/index.ts";
import {
  BUDGET_BASES,
  BUDGET_KINDS,
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  listBudgets,
  type BudgetRow,
} from "../../store/index.ts";
import { reason, usd } from "../figures.ts";
import { readSettings } from "../tenant-settings.ts";
import { amountOf, cents, ratio } from "./amount.ts";
import { isAnswer, type Asker } from "./asking.ts";
import { aboutTarget } from "./budget-targets.ts";
import { forecastMonth } from "./forecast.ts";
import { monthOf } from "./month-forecast.ts";
import { completeDays } from "./reconcile.ts";

const percent = z.int("is no whole number of per cent, such as 90").min(1).max(1000);

/** What a person decides about a budget. */
export const budgetFields = {
  name: z.string().trim().min(1).max(80),
  scope: z.enum(BUDGET_SCOPES).describe("what it limits; tool: a product of the cost analytics, such as claude_code"),
  value: z.string().trim().min(1).max(320).nullable().describe("which one; null: all, or what has no id"),
  period: z.enum(BUDGET_PERIODS).describe("UTC days, ISO weeks or calendar months"),
  amountUsd: z.string().regex(/^\d{1,9}(?:\.\d{1,12})?$/, "is no amount, such as 30 or 30.50"),
  kind: z
    .enum(BUDGET_KINDS)
    .describe("the kind of money; workspaces, keys and tools are told net or at list price only"),
  thresholds: z.array(percent).min(1, "is empty: say at least one, such as 90").max(10).describe("of a hundred parts"),
  basis: z.array(z.enum(BUDGET_BASES)).min(1).max(2).describe("what is held against them"),
} as const;

/** A budget and how its present period stands. */
export const budgetShape = z.object({
  id: z.string().describe("monthly: the one of the settings"),
  ...budgetFields,
  from: z.string(),
  to: z.string(),
  spentUsd: usd.nullable(),
  forecastUsd: usd.nullable(),
  /** Spent of the amount. */
  share: z.number().nullable(),
  /** The highest threshold that was crossed, and that the forecast crosses. */
  crossed: z.int().nullable(),
  forecastCrosses: z.int().nullable(),
  reason: reason.nullable(),
  /** In words, when this kind of money is not told by this scope. */
  unavailable: z.string().nullable(),
  called: z.string().nullable().describe("the name of a workspace or key, for whoever may see it"),
  missing: z.string().nullable().describe("in words, when what it limits is not there any more"),
});

/** Enough for four same weekdays before each of the 28 days that test a forecast. */
const LOOKS_BACK = 63;
/** Data may come so long after a period. */
const LATE_DAYS = 35;

/** How a budget of these words is stored; the one of the settings has no row. */
type Budget = BudgetRow;

/** One day, week or month of a budget. */
export interface BudgetInstance {
  readonly span: Span;
  /** `2026-11`, `2026-11-20`, `week of 2026-11-16`. */
  readonly label: string;
  /** Pico-dollars; null where it is not told. */
  readonly actual: bigint | null;
  /** Of a period that is not over. */
  readonly forecast: bigint | null;
  readonly isOver: boolean;
}

export interface BudgetState {
  readonly budget: Budget;
  /** The present one first, then those of which data may still come, the latest first. */
  readonly instances: readonly BudgetInstance[];
  readonly reason: z.output<typeof reason> | null;
  readonly unavailable: string | null;
  readonly called: string | null;
  /** In words, when there is no such thing any more. */
  readonly missing: string | null;
}

export const MONTHLY = "monthly";

/** All budgets of the tenant that the caller may know of: those of single people are for who may see people. */
export async function budgetsOf(asker: Asker): Promise<Budget[]> {
  const { scope, store } = asker;
  return store.read(async (tx) => {
    const { budgetMonthlyUsd } = await readSettings(tx, scope);
    const kept = (await listBudgets(tx, scope)).filter(
      (one) => one.scope !== "person" || scope.privacy.mode === "named",
    );
    return budgetMonthlyUsd === null ? kept : [monthly(budgetMonthlyUsd), ...kept];
  });
}

function monthly(amountUsd: string): Budget {
  return {
    budgetId: MONTHLY,
    name: "The organization",
    scope: "organization",
    value: null,
    period: "month",
    amountUsd,
    kind: "estimated",
    thresholds: [50, 75, 90, 100],
    basis: ["actual", "forecast"],
    createdMs: 0,
  };
}

/** What a budget's present period has come to, and those before of which data may still come. */
export async function budgetStateOf(asker: Asker, budget: Budget, past = true): Promise<BudgetState> {
  const today = dayOfInstant(asker.now);
  const current = periodOf(budget.period, today);
  const spans = [current];
  // One that was over before the budget was made was never held to it.
  const begin = Math.max(dayOfInstant(budget.createdMs), today - LATE_DAYS);
  const before = (span: Span) => periodOf(budget.period, span.from - 1);
  if (past) for (let span = before(current); span.to > begin; span = before(span)) spans.push(span);
  const first = Math.max(0, Math.min(spans.at(-1)!.from, current.from - LOOKS_BACK));
  const found = await asker.tryAsk({
    metric: "cost",
    kind: budget.kind,
    grain: "day",
    from: dayText(first),
    to: dayText(today),
    ...whereOf(budget),
  });
  const about = await aboutTarget(asker, budget);
  if (!isAnswer(found))
    return { budget, instances: [], reason: "not_reported_by_source", unavailable: found.unavailable, ...about };
  const days = new Map<DayNumber, bigint>();
  for (const row of found.rows) {
    const amount = amountOf(row.value, "usd");
    if (amount !== null) days.set(parseDay(String(row["day"])), amount);
  }
  const complete = [...completeDays(found)]
    .map(([day, amount]) => ({ day: parseDay(day), amount }))
    .filter(({ day }) => day < today);
  const forecast = forecastMonth(complete, current);
  const instances = spans.map((span): BudgetInstance => {
    const amounts = [...days].flatMap(([day, amount]) => (day >= span.from && day < span.to ? [amount] : []));
    const sum = amounts.length === 0 ? null : amounts.reduce((all, amount) => all + amount, 0n);
    const isNow = span === current;
    // Nothing spent by nobody is no figure.
    const isNothing = about.missing !== null && sum === 0n;
    return {
      span,
      label: labelOf(budget.period, span),
      actual: isNothing ? null : sum,
      forecast: isNow && forecast !== null && about.missing === null ? forecast.actual + forecast.expected : null,
      isOver: !isNow,
    };
  });
  return {
    budget,
    instances,
    reason:
      instances[0]!.actual === null && about.missing === null ? (found.total.reason ?? "not_collected_yet") : null,
    unavailable: null,
    ...about,
  };
}

/** The state as surfaces show it. */
export function shownBudget(state: BudgetState, nowMs: number) {
  const { budget, instances, reason: why, unavailable, called, missing } = state;
  const { budgetId, createdMs: _, thresholds, basis, ...fields } = budget;
  const now = instances[0];
  const span = now?.span ?? periodOf(budget.period, dayOfInstant(nowMs));
  const amount = picoUsdFromDollars(budget.amountUsd).picoUsd;
  const actual = now?.actual ?? null;
  const forecast = now?.forecast ?? null;
  return {
    id: budgetId,
    ...fields,
    thresholds: [...thresholds],
    basis: [...basis],
    from: dayText(span.from),
    to: dayText(span.to - 1),
    spentUsd: actual === null ? null : cents(actual),
    forecastUsd: forecast === null ? null : cents(forecast),
    share: actual === null ? null : ratio(actual, amount),
    crossed: crossedBy(actual, amount, thresholds),
    forecastCrosses: crossedBy(forecast, amount, thresholds),
    reason: why,
    unavailable,
    called,
    missing,
  };
}

/** The highest threshold that an amount reaches, or null. */
export function crossedBy(amount: bigint | null, budget: bigint, thresholds: readonly number[]): number | null {
  if (amount === null || budget <= 0n) return null;
  return thresholds.toSorted((a, b) => b - a).find((part) => amount * 100n >= budget * BigInt(part)) ?? null;
}

function whereOf({ scope, value }: Budget) {
  if (scope === "organization" && value === null) return {};
  return { where: [{ dimension: scope === "tool" ? "product" : scope, value }] };
}

function periodOf(period: Budget["period"], day: DayNumber): Span {
  if (period === "month") return monthOf(day);
  if (period === "day") return { from: day, to: day + 1 };
  const from = weekStart(day);
  return { from, to: from + 7 };
}

function labelOf(period: Budget["period"], { from }: Span): string {
  if (period === "month") return dayText(from).slice(0, 7);
  return period === "day" ? dayText(from) : `week of ${dayText(from)}`;
}
