import { z } from "zod";

import { parseDay } from "../../domain/index.ts";
import type { AnswerFigures, AnswerRow, DayRange, Question, Value } from "../../metrics/index.ts";
import { activeRule, costKind, denominator, population } from "../filters.ts";
import { change, dayRange, reason, trust, unit, value, warnings } from "../figures.ts";
import { amountOf, keepsBack, ratio, shownAmount } from "./amount.ts";
import { fitting, metricOf, rangeBefore } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { changeOf } from "./change.ts";
import { trustOf } from "./headline.ts";

const side = z.object({
  range: dayRange,
  value,
  reason: reason.nullable(),
  /** The sums behind a ratio, named. */
  parts: z.record(z.string(), value).nullable(),
  source: z.array(z.string()).readonly(),
  ...trust,
});

/** One metric over two ranges, split the same. */
export const comparison = z.object({
  metric: z.string(),
  title: z.string(),
  unit,
  kind: costKind.nullable(),
  population,
  activeRule: activeRule.nullable(),
  denominator: denominator.nullable(),
  current: side,
  previous: side,
  /** Null when the two cannot be compared. */
  change: change.nullable(),
  /** Of sums over ranges of unlike length: how the amount a day changed, in parts of the earlier one. */
  changePerDay: z.number().nullable(),
  /** Why the two cannot be compared, in words; empty when they can. */
  notComparable: z.array(z.string()),
  /** What has to be known to read the comparison right. */
  caveats: z.array(z.string()),
  by: z.array(z.string()).readonly(),
  rows: z.array(
    z.object({
      /** The member of each dimension; null is its missing value. */
      members: z.record(z.string(), z.string().nullable()),
      current: value,
      previous: value,
      /** Why one of the two is null. */
      reason: reason.nullable(),
      change: change.nullable(),
    }),
  ),
  warnings,
});

type Comparison = z.output<typeof comparison>;

/**
 * Asks the same question of two ranges. Differences and ratios are of the two whole figures, never of their rows; what
 * is held in part, or was read from another report, is shown and not compared.
 *
 * @throws Failure `input.*`
 */
export async function compare(asker: Asker, asked: Question, against: DayRange | null): Promise<Comparison> {
  const question = fitting(asked);
  const now = await asker.ask(question);
  const was = await asker.ask({ ...question, ...(against ?? rangeBefore(now.range, asker.compareTo)) });
  const notComparable = obstacles(now, was);
  const isSum = isSumOf(now);
  const changeFrom = (current: Value, previous: Value) =>
    notComparable.length > 0 ? null : changeOf(current, previous, now.unit);
  return {
    metric: now.metric,
    title: now.title,
    unit: now.unit,
    kind: now.kind,
    population: now.population,
    activeRule: now.activeRule,
    denominator: now.denominator,
    current: sideOf(now),
    previous: sideOf(was),
    change: changeFrom(now.total.value, was.total.value),
    changePerDay: isSum && notComparable.length === 0 ? dailyChange(now, was) : null,
    notComparable,
    caveats: caveatsOf(now, was, isSum),
    by: now.by,
    rows: rowsOf(now, was).map(({ members, current, previous }) => ({
      members,
      current: current.value,
      previous: previous.value,
      reason: current.reason ?? previous.reason ?? null,
      change: changeFrom(current.value, previous.value),
    })),
    warnings: uniqueWarnings([...now.warnings, ...was.warnings]),
  };
}

function sideOf(found: AnswerFigures): z.output<typeof side> {
  const { range, total, source } = found;
  return {
    range: { from: range.from, to: range.to },
    value: total.value,
    reason: total.reason ?? null,
    parts: total.parts ?? null,
    source,
    ...trustOf(found),
  };
}

function obstacles(now: AnswerFigures, was: AnswerFigures): string[] {
  const found: string[] = [];
  for (const { range, coverage, total } of [now, was]) {
    const span = `${range.from} to ${range.to}`;
    if (coverage.covered < coverage.days) {
      found.push(`of ${span} only ${coverage.covered} of ${coverage.days} days were read whole`);
    } else if (total.value === null) found.push(`there is no figure for ${span} (${total.reason ?? "unknown"})`);
  }
  const [left, right] = [now.source.toSorted().join(", "), was.source.toSorted().join(", ")];
  if (found.length === 0 && left !== right) {
    found.push(`the two ranges were read from different reports (${left} and ${right})`);
  }
  return found;
}

function caveatsOf(now: AnswerFigures, was: AnswerFigures, isSum: boolean): string[] {
  const caveats: string[] = [];
  if (now.range.from <= was.range.to && was.range.from <= now.range.to) caveats.push("the two ranges overlap");
  if (isSum && daysOf(now) !== daysOf(was)) {
    const days = daysOf(now) === 1 ? "1 day stands" : `${daysOf(now)} days stand`;
    caveats.push(`${days} against ${daysOf(was)}: compare the amounts a day`);
  }
  const provisional = new Set([...now.provisional, ...was.provisional]).size;
  if (provisional > 0) caveats.push(`the source may still restate ${provisional} of the days`);
  if (keepsBack(now) || keepsBack(was)) caveats.push("rows about too few people are kept back");
  return caveats;
}

/** (amount a day now − before) ÷ before, exactly; null where nothing was before, or the ranges are of one length. */
function dailyChange(now: AnswerFigures, was: AnswerFigures): number | null {
  const [current, previous] = [amountOf(now.total.value, now.unit), amountOf(was.total.value, was.unit)];
  if (current === null || previous === null || daysOf(now) === daysOf(was)) return null;
  const before = previous * BigInt(daysOf(now));
  return ratio(current * BigInt(daysOf(was)) - before, before < 0n ? -before : before);
}

interface Cell {
  readonly value: Value;
  readonly reason?: AnswerRow["reason"];
}

/** Members of either range, those with the most now first; what is hidden on either side has no other side to show. */
function rowsOf(now: AnswerFigures, was: AnswerFigures) {
  // A table that shows its total alone would make everybody of the other one look new, or gone.
  const isWhole = (found: AnswerFigures) => found.rows.length > 0 || !keepsBack(found);
  if (now.by.length === 0 || !isWhole(now) || !isWhole(was)) return [];
  const nothing: Cell = isSumOf(now)
    ? { value: shownAmount(0n, now.unit) }
    : now.unit === "ratio"
      ? { value: null, reason: "zero_denominator" }
      : { value: 0 };
  const membersOf = (row: AnswerRow) =>
    Object.fromEntries(now.by.map((dimension) => [dimension, textOf(row[dimension])] as const));
  const earlier = new Map(was.rows.map((row) => [JSON.stringify(membersOf(row)), row]));
  const rows = now.rows.map((row) => {
    const members = membersOf(row);
    const key = JSON.stringify(members);
    const previous: Cell = earlier.get(key) ?? nothing;
    earlier.delete(key);
    return { members, current: row, previous };
  });
  const gone = [...earlier.values()].map((row) => ({ members: membersOf(row), current: nothing, previous: row }));
  return [...rows, ...gone];
}

function textOf(member: AnswerRow[string]): string | null {
  return member === null || member === undefined ? null : String(member);
}

/** Whether the figure grows with the length of the range. Distinct people do not, nor do shares. */
function isSumOf({ metric, unit: of }: AnswerFigures): boolean {
  return of !== "ratio" && metricOf(metric)?.measure.kind === "sum";
}

function daysOf({ range }: AnswerFigures): number {
  return parseDay(range.to) - parseDay(range.from) + 1;
}

function uniqueWarnings(all: Comparison["warnings"]): Comparison["warnings"] {
  return [...new Map(all.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
}
