import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import type { DayRange, Question, Unit } from "../../metrics/index.ts";
import { costKind, population } from "../filters.ts";
import { change, dayRange, reason, trust, unit, value, warnings } from "../figures.ts";
import { amountOf, isHidden, ratio, shownAmount, sumOf } from "./amount.ts";
import { fitting, isAnswer, metricOf, rangeBefore } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { changeOf } from "./change.ts";
import { NOT_COVERED, trustOf } from "./headline.ts";

const contribution = z.object({
  /** The member of the dimension; null is its missing value (no team, the default workspace). */
  key: z.string().nullable(),
  previous: value,
  current: value,
  difference: value,
  /** Part of the whole difference: 1.5 when others went the other way; null when nothing changed in all. */
  share: z.number().nullable(),
  isNew: z.boolean(),
  isGone: z.boolean(),
});

/** What one dimension says about a change. Its contributions and the remainder add up to the difference exactly. */
export const explanation = z.object({
  dimension: z.string(),
  /** Why it cannot say, or null. */
  unavailable: z.string().nullable(),
  source: z.array(z.string()).readonly(),
  previous: value,
  current: value,
  difference: value,
  /** Largest first, whichever way they went. */
  contributions: z.array(contribution),
  /** The members that are not listed, taken together; null when all are. */
  remainder: contribution.omit({ key: true, isNew: true, isGone: true }).extend({ members: z.int() }).nullable(),
});

export const explained = z.object({
  metric: z.string(),
  title: z.string(),
  unit,
  kind: costKind.nullable(),
  population,
  current: z.object({ range: dayRange, value, reason: reason.nullable() }),
  previous: z.object({ range: dayRange, value, reason: reason.nullable() }),
  change: change.nullable(),
  /** Why there is nothing to compare with, in words, or null. */
  notComparable: z.string().nullable(),
  dimensions: z.array(explanation),
  ...trust,
  warnings,
});

export type Explained = z.output<typeof explained>;
export type Explanation = z.output<typeof explanation>;
type Contribution = z.output<typeof contribution>;

/**
 * Who or what made a sum change between two ranges.
 *
 * @throws Failure `input.invalid` for a metric whose parts do not add up to the whole.
 */
export async function explain(
  asker: Asker,
  asked: Question,
  by: readonly string[],
  against: DayRange | null,
  most: number,
): Promise<Explained> {
  const question = fitting(asked);
  checkAdditive(question.metric);
  const now = await asker.ask(question);
  const before = against ?? rangeBefore(now.range, asker.compareTo);
  const was = await asker.ask({ ...question, ...before });
  const comparable = was.coverage.covered === was.coverage.days;
  const dimensions = [];
  if (comparable) {
    for (const dimension of by) dimensions.push(await explainBy(asker, question, now.range, before, dimension, most));
  }
  return {
    metric: now.metric,
    title: now.title,
    unit: now.unit,
    kind: now.kind,
    population: now.population,
    current: { range: rangeOf(now.range), value: now.total.value, reason: now.total.reason ?? null },
    previous: { range: before, value: was.total.value, reason: was.total.reason ?? null },
    change: comparable ? changeOf(now.total.value, was.total.value, now.unit) : null,
    notComparable: comparable ? null : NOT_COVERED,
    dimensions,
    ...trustOf(now),
    warnings: now.warnings,
  };
}

async function explainBy(
  asker: Asker,
  question: Question,
  range: DayRange,
  before: DayRange,
  dimension: string,
  most: number,
): Promise<Explanation> {
  const split = { ...question, by: [dimension] };
  const now = await asker.tryAsk({ ...split, ...rangeOf(range) });
  const was = await asker.tryAsk({ ...split, ...before });
  if (!isAnswer(now)) return nothing(dimension, now.unavailable);
  if (!isAnswer(was)) return nothing(dimension, was.unavailable);
  const total = amountOf(now.total.value, now.unit);
  const earlier = amountOf(was.total.value, now.unit);
  if (total === null || earlier === null) return nothing(dimension, "one of the two totals is not known");
  const members = new Map<string | null, Pair>();
  const at = (key: string | null) => {
    const pair = members.get(key) ?? { now: null, was: null };
    members.set(key, pair);
    return pair;
  };
  for (const row of now.rows) add(at(keyOf(row[dimension])), "now", amountOf(row.value, now.unit));
  for (const row of was.rows) add(at(keyOf(row[dimension])), "was", amountOf(row.value, now.unit));
  // A member that is hidden on either side did not come or go: it is part of the remainder.
  const hidden = new Set([...now.rows, ...was.rows].filter(isHidden).map((row) => keyOf(row[dimension])));
  for (const key of hidden) members.delete(key);
  const all = { now: total, was: earlier };
  return { source: now.source, ...ranked(dimension, members, all, now.unit, most, hidden.size) };
}

/** Two amounts of one member; null is no row at all. */
export interface Pair {
  now: bigint | null;
  was: bigint | null;
}

/** The members by how much they changed, and what remains so that all adds up. */
export function ranked(
  dimension: string,
  members: ReadonlyMap<string | null, Pair>,
  total: { readonly now: bigint; readonly was: bigint },
  unit: Unit,
  most: number,
  hidden = 0,
): Omit<Explanation, "source"> {
  const whole = total.now - total.was;
  const differences = [...members].map(([key, { now, was }]) => ({
    key,
    now: now ?? 0n,
    was: was ?? 0n,
    difference: (now ?? 0n) - (was ?? 0n),
  }));
  differences.sort((a, b) => compare(size(b.difference), size(a.difference)) || compareText(a.key, b.key));
  const changed = differences.filter(({ difference, now }) => difference !== 0n || now !== 0n);
  const listed = changed.slice(0, most);
  const left = changed.length - listed.length + hidden;
  const rest = {
    now: total.now - sumOf(listed.map(({ now }) => now)),
    was: total.was - sumOf(listed.map(({ was }) => was)),
  };
  const show = (now: bigint, was: bigint) => ({
    previous: shownAmount(was, unit),
    current: shownAmount(now, unit),
    difference: shownAmount(now - was, unit),
    share: ratio(now - was, whole),
  });
  const contributions: Contribution[] = listed.map(({ key, now, was }) => ({
    key,
    ...show(now, was),
    isNew: was === 0n && now !== 0n,
    isGone: now === 0n && was !== 0n,
  }));
  // A cut that does not add up to its total leaves a rest even when every member is listed.
  const remains = left > 0 || rest.now !== 0n || rest.was !== 0n;
  return {
    dimension,
    unavailable: null,
    previous: shownAmount(total.was, unit),
    current: shownAmount(total.now, unit),
    difference: shownAmount(whole, unit),
    contributions,
    remainder: remains ? { ...show(rest.now, rest.was), members: left } : null,
  };
}

function nothing(dimension: string, unavailable: string): Explanation {
  return {
    dimension,
    unavailable,
    source: [],
    previous: null,
    current: null,
    difference: null,
    contributions: [],
    remainder: null,
  };
}

function checkAdditive(id: string): void {
  const metric = metricOf(id);
  if (!metric || (metric.measure.kind === "sum" && metric.additive)) return;
  const problem = `the parts of ${id} do not add up to the whole`;
  throw new Failure("input.invalid", {
    field: "metric",
    problem,
    remedy: "Ask about a sum: cost, tokens, sessions, …",
  });
}

function add(pair: Pair, side: "now" | "was", amount: bigint | null): void {
  if (amount !== null) pair[side] = (pair[side] ?? 0n) + amount;
}

function keyOf(text: string | number | boolean | null | undefined): string | null {
  return text === null || text === undefined ? null : String(text);
}

function rangeOf({ from, to }: DayRange): DayRange {
  return { from, to };
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareText(a: string | null, b: string | null): number {
  return (a ?? "\uffff") < (b ?? "\uffff") ? -1 : 1;
}
