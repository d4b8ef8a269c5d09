import type { z } from "zod";

import { Failure, dayText, parseDay } from "../../domain/index.ts";
import type { Scope } from "../../domain/index.ts";
import { ask, askFigures, dailySums, metrics } from "../../metrics/index.ts";
import type { Answer, AnswerFigures, DailySums, DailySumsQuestion, Metric, Question } from "../../metrics/index.ts";
import type { Store } from "../../store/index.ts";
import { refuseStale } from "../stale-rows.ts";
import type { compareTo } from "../filters.ts";
import { inOneSnapshot } from "../one-snapshot.ts";
import { withTenantDefaults, type TenantDefaults } from "../tenant-defaults.ts";
import { readSettings } from "../tenant-settings.ts";
import type { OperationContext } from "../context.ts";

/** Answers questions at one snapshot, in the caller's scope. */
export interface Asker {
  readonly store: Store;
  readonly scope: Scope;
  readonly now: number;
  /** What stands in for what a question leaves open. */
  readonly defaults: TenantDefaults;
  /** What a figure is held against, where nothing else is named. */
  readonly compareTo: CompareTo;
  /** @throws Failure `input.*` */
  ask(question: Question): Promise<AnswerFigures>;
  /** The figures, or in words why this metric has none under these filters. */
  tryAsk(question: Question): Promise<AnswerFigures | Unavailable>;
  /** The same with whose keys are unowned and which models have no price. */
  tryAskWhole(question: Question): Promise<Answer | Unavailable>;
  /** A sum by day for each member of a dimension, as numbers; likewise in words why there is none. */
  tryDailySums(question: DailySumsQuestion): Promise<DailySums | Unavailable>;
}

export type CompareTo = z.output<typeof compareTo>;

export interface Unavailable {
  readonly unavailable: string;
}

/** What every metric of a page is narrowed by; each takes of it what it knows. */
export type Filters = Omit<Question, "metric" | "by" | "grain" | "source">;

/**
 * Opens one snapshot and asks in it.
 *
 * @throws Failure `store.io` when rows wait to be built again.
 */
export async function withAsker<T>(
  context: OperationContext,
  fn: (asker: Asker) => Promise<T>,
  compareTo?: CompareTo,
): Promise<T> {
  await refuseStale(context);
  const { scope, clock } = context;
  return inOneSnapshot(context.store, async (store) => {
    const defaults = await store.read((tx) => readSettings(tx, scope));
    return fn(askerOf(store, scope, clock.now(), defaults, compareTo));
  });
}

export function askerOf(
  store: Store,
  scope: Scope,
  now: number,
  defaults: TenantDefaults,
  compareTo: CompareTo = "previous",
): Asker {
  const figures = (question: Question) => askFigures(store, scope, withTenantDefaults(question, defaults), now);
  return {
    store,
    scope,
    now,
    defaults,
    compareTo,
    ask: figures,
    tryAsk: (question) => orUnavailable(figures(question)),
    tryAskWhole: (question) => orUnavailable(ask(store, scope, withTenantDefaults(question, defaults), now)),
    tryDailySums: (question) => orUnavailable(dailySums(store, scope, question, now)),
  };
}

async function orUnavailable<A>(answering: Promise<A>): Promise<A | Unavailable> {
  try {
    return await answering;
  } catch (thrown) {
    if (thrown instanceof Failure && CANNOT.test(thrown.code)) return { unavailable: thrown.message };
    throw thrown;
  }
}

/** A filter that fits one figure of a page need not fit all of them. */
const CANNOT = /^(input\.dimension|access\.|privacy\.)/;

export function isAnswer<A extends object>(found: A | Unavailable): found is A {
  return !("unavailable" in found);
}

export function metricOf(id: string): Metric | undefined {
  return metrics.find((metric) => metric.id === id);
}

/** Of the filters of a page those that change this metric: the others would be refused, rightly, as a slip. */
export function fitting(question: Question): Question {
  const metric = metricOf(question.metric);
  if (!metric) return question;
  const { kind, activeRule, denominator, ...rest } = question;
  const { measure } = metric;
  const people = measure.kind === "active" || measure.kind === "rolling" || measure.kind === "adoption";
  return {
    ...rest,
    ...(kind !== undefined && hasKinds(metric) ? { kind } : {}),
    ...(activeRule !== undefined && (people || measure.kind === "per_active") ? { activeRule } : {}),
    ...(denominator !== undefined && measure.kind === "adoption" ? { denominator } : {}),
  };
}

/** Whether a metric is told in several kinds of money. */
export function hasKinds({ reasons, measure }: Metric): boolean {
  return reasons.includes("mixed_currency") && measure.kind !== "gap";
}

/**
 * The equal-length range immediately before, or the equal-length one so many whole weeks before that it ends before this
 * one begins: for whole weeks they are the same.
 */
export function rangeBefore(
  { from, to }: { readonly from: string; readonly to: string },
  compareTo: CompareTo = "previous",
): { from: string; to: string } {
  const first = parseDay(from, "from");
  const last = parseDay(to, "to");
  const days = last - first + 1;
  const back = compareTo === "same_weekdays" ? Math.ceil(days / 7) * 7 : days;
  return { from: dayText(Math.max(0, first - back)), to: dayText(Math.max(0, last - back)) };
}
