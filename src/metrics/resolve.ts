import { Failure, dayText, parseDay, populations } from "../domain/index.ts";
import type { DayNumber, Population } from "../domain/index.ts";
import { findMetric } from "./catalog/index.ts";
import { termsOf } from "./define.ts";
import type { Metric, Term } from "./define.ts";
import { connection, findDimension } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import type { Quantity } from "./facts.ts";
import type {
  ActiveRule,
  AnswerWarning,
  Condition,
  CostKind,
  Denominator,
  Grain,
  Question,
  SourceChoice,
} from "./types.ts";

/** A question whose every word is known to the catalogs. */
export interface Resolved {
  readonly metric: Metric;
  readonly from: DayNumber | null;
  readonly to: DayNumber | null;
  readonly grain: Grain | null;
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
  readonly conditions: readonly Condition[];
  readonly kind: CostKind;
  /** Whether the metric is about money at all, so that `kind` means something. */
  readonly aboutMoney: boolean;
  readonly population: Population;
  readonly activeRule: ActiveRule;
  readonly denominator: Denominator | null;
  readonly source: SourceChoice | undefined;
  readonly asOf: DayNumber | null;
}

/** Values of one dimension that count; several are alternatives. */
export interface Filter {
  readonly dimension: Dimension;
  readonly values: ReadonlySet<string | null>;
}

export const costKinds: readonly CostKind[] = ["estimated", "list", "net", "notional"];
export const activeRules: readonly ActiveRule[] = ["any", "token", "engaged"];
export const grains: readonly Grain[] = ["day", "week", "month"];
export const denominators: readonly Denominator[] = ["roster", "org_members", "ever_active", "assigned_seats"];
export const sourceChoices: readonly SourceChoice[] = ["messages", "claude_code", "analytics", "cost_report"];

const MOST_DIMENSIONS = 3;
/** Ten years: a longer range is a slip of the pen. */
const MOST_DAYS = 3_660;

/**
 * Reads a question against the catalogs.
 *
 * @throws Failure `input.*`
 */
export function resolve(question: Question): Resolved {
  const metric = findMetric(question.metric);
  const from = question.from === undefined ? null : parseDay(question.from, "from");
  const to = question.to === undefined ? null : parseDay(question.to, "to");
  if (from !== null && to !== null) checkRange(from, to);
  const by = (question.by ?? []).map((id) => findDimension(id));
  checkDimensions(metric, by);
  checkOptions(metric, question);
  return {
    metric,
    from,
    to,
    grain: choice("grain", question.grain, grains, null),
    by: by.length === 0 && metric.measure.kind === "share" ? [findDimension(metric.measure.among)] : by,
    where: filtersOf(metric, question.where ?? []),
    conditions: question.where ?? [],
    kind: choice("kind", question.kind, costKinds, "estimated"),
    aboutMoney: isAboutMoney(metric),
    population: choice("population", question.population, populations, metric.population),
    activeRule: choice("active rule", question.activeRule, activeRules, "any"),
    denominator: choice("denominator", question.denominator, denominators, null),
    source: choice("source", question.source, sourceChoices, undefined),
    asOf: question.asOf === undefined ? null : parseDay(question.asOf, "as-of"),
  };
}

/**
 * The question with no day after today: nothing is known of it. A range that only ends there ends today.
 *
 * @throws Failure `input.invalid` when all of the range, or the day as of which is asked, is after today.
 */
export function untilToday(resolved: Resolved, today: DayNumber, pastDay?: DayNumber): Resolved {
  const { from, to, asOf } = resolved;
  if (asOf !== null) refuseFuture("as-of", asOf, today, pastDay);
  if (from !== null) refuseFuture("from", from, today, pastDay);
  if (to === null || to <= today) return resolved;
  if (from === null) refuseFuture("to", to, today, pastDay);
  return { ...resolved, to: today };
}

/** Said where a range did not stay as it was asked. */
export function rangeCut(to: DayNumber, pastDay?: DayNumber): AnswerWarning {
  const end = pastDay === undefined ? `today, ${dayText(to)}` : `on ${dayText(to)}, the day as of which it is asked`;
  return { code: "range_cut", message: `The range ends ${end}: days after it were left off.` };
}

/** @throws Failure `input.invalid` for a day that had not come yet. */
export function refuseFuture(field: string, day: DayNumber, today: DayNumber, pastDay?: DayNumber): void {
  if (day <= today) return;
  const [after, remedy] =
    pastDay === undefined
      ? ["today", `Today is ${dayText(today)}, by UTC.`]
      : [`${dayText(today)}, as of which it is asked`, "Ask as of a later day, or about earlier days."];
  throw new Failure("input.invalid", { field, problem: `${dayText(day)} is after ${after}`, remedy });
}

/** @throws Failure `input.range_reversed` or `input.range_too_long`. */
export function checkRange(from: DayNumber, to: DayNumber): void {
  if (from > to) throw new Failure("input.range_reversed", { field: "from", from: dayText(from), to: dayText(to) });
  if (to - from >= MOST_DAYS) throw new Failure("input.range_too_long", { days: to - from + 1, most: MOST_DAYS });
}

/** The quantity that a term of a measure stands for, given the kind of cost. */
export function quantityOf(term: Term, kind: CostKind): Quantity {
  return term === "cost" || term === "claude_code_cost" ? `${term}_${kind}` : term;
}

function checkDimensions(metric: Metric, by: readonly Dimension[]): void {
  if (by.length > MOST_DIMENSIONS) {
    const problem = `${by.length} dimensions are asked for`;
    throw new Failure("input.invalid", { field: "by", problem, remedy: `Ask for at most ${MOST_DIMENSIONS}.` });
  }
  const twice = by.find((dimension, index) => by.indexOf(dimension) !== index);
  if (twice) {
    throw new Failure("input.invalid", { field: "by", problem: `${twice.id} stands twice`, remedy: "Give it once." });
  }
  by.forEach((dimension) => checkAllowed(metric, dimension));
}

/** An option that changes nothing is a misunderstanding: better refused than answered. */
function checkOptions(metric: Metric, { kind, activeRule, denominator }: Question): void {
  if (kind !== undefined && !isAboutMoney(metric)) {
    const problem =
      metric.measure.kind === "gap" ? `${metric.id} compares fixed kinds` : `${metric.id} is not about money`;
    refuseOption("kind", problem);
  }
  if (activeRule !== undefined && !judgesActivity(metric)) {
    refuseOption("active-rule", `${metric.id} does not ask who was active`);
  }
  if (denominator !== undefined && metric.measure.kind !== "adoption") {
    refuseOption("denominator", `${metric.id} is not divided by people who could be active`);
  }
}

function refuseOption(field: string, problem: string): never {
  throw new Failure("input.invalid", { field, problem, remedy: "Leave it out." });
}

function isAboutMoney({ measure }: Metric): boolean {
  return termsOf(measure).some((term) => term === "cost" || term === "claude_code_cost");
}

/** Whether it counts people, active ones. */
export function isAboutPeople({ measure }: Metric): boolean {
  return measure.kind === "active" || measure.kind === "rolling" || measure.kind === "adoption";
}

/** Whether the active rule changes its figures. */
export function judgesActivity(metric: Metric): boolean {
  return isAboutPeople(metric) || metric.measure.kind === "per_active";
}

function checkAllowed(metric: Metric, dimension: Dimension): void {
  if (metric.dimensions.includes(dimension.id)) return;
  throw new Failure("input.dimension_not_available", {
    metric: metric.id,
    dimension: dimension.id,
    choices: metric.dimensions.join(", ") || "nothing but time (--grain)",
  });
}

function filtersOf(metric: Metric, conditions: readonly Condition[]): Filter[] {
  const byDimension = new Map<string, Set<string | null>>();
  for (const { dimension, value } of conditions) {
    byDimension.set(dimension, (byDimension.get(dimension) ?? new Set()).add(value));
  }
  return [...byDimension].map(([id, values]) => {
    const dimension = id === connection.id ? connection : findDimension(id, "where");
    checkAllowed(metric, dimension === connection ? findDimension("organization") : dimension);
    return { dimension, values };
  });
}

function choice<T extends string, D>(field: string, value: T | undefined, choices: readonly T[], fallback: D): T | D {
  if (value === undefined) return fallback;
  if (!choices.includes(value)) {
    throw new Failure("input.unknown_value", { field, value, choices: choices.join(", ") });
  }
  return value;
}
