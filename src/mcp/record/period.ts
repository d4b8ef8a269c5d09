import { z } from "zod";

import { dayOfInstant, dayText, Failure, monthStart, parseDay, tryDay, weekStart } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import type { DayRange } from "../../metrics/index.ts";
import { catalog } from "../../operations/index.ts";
import type { ToolCall } from "../tool-call.ts";

/** How a question says when: in words, or by two days. */
export const period = {
  period: z.string().optional().describe("last month, last 7 days, 2026-10, 2026-Q3; else from and to"),
  from: z.string().optional(),
  to: z.string().optional(),
} as const;

export interface When {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Period {
  /** Undefined: as the operation takes it by itself. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What a calendar month, week or year is compared with; null for the equal-length range before. */
  readonly previous: DayRange | null;
  readonly notes: readonly string[];
}

/** Inclusive at both ends. */
interface Days {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

interface Named extends Days {
  readonly previous: Days | null;
}

/**
 * The days that a period means, by UTC. What has not ended yet is cut at the last complete day of the metric, so that a
 * day in progress is never taken for a quiet one.
 *
 * @throws Failure `input.invalid` for words that mean no period.
 */
export async function periodOf(call: ToolCall, when: When, metric = "cost"): Promise<Period> {
  const { period: words, from, to } = when;
  if (words === undefined) return { from, to, previous: null, notes: [] };
  if (from !== undefined || to !== undefined) {
    const problem = "stands beside from or to";
    throw new Failure("input.invalid", { field: "period", problem, remedy: "Give either the period or the two days." });
  }
  const today = dayOfInstant(call.context.clock.now());
  const named = daysNamed(words, today) ?? (await daysUpToNow(call, words, today, metric));
  if (named === null) {
    throw new Failure("input.invalid", {
      field: "period",
      problem: "is no period",
      remedy:
        "Write today, yesterday, this or last week, month, quarter or year, last N days, weeks or months, 2026, 2026-10, 2026-Q3, 2026-10-05, or 2026-10-05..2026-10-20.",
    });
  }
  const isOver = named.to < today || named.from > today || words.trim().toLowerCase() === "today";
  const cut = isOver ? named : await cutAtLastDay(call, named, today, metric);
  const range = rangeOf(cut);
  return {
    ...range,
    previous: cut.previous && rangeOf(cut.previous),
    notes: [`The period is read as ${range.from} to ${range.to}, UTC; today is ${dayText(today)}.`],
  };
}

/** Two periods to compare: `against` says which is the other; without it, the one before. */
export async function twoPeriodsOf(
  call: ToolCall,
  when: When,
  against: string | undefined,
  metric: string,
): Promise<Period> {
  const period = await periodOf(call, when, metric);
  const { from, to, notes } = await periodOf(call, { period: against }, metric);
  const previous = from !== undefined && to !== undefined ? { from, to } : period.previous;
  return { ...period, previous, notes: [...period.notes, ...notes] };
}

/** Periods that the calendar tells by itself. */
function daysNamed(words: string, today: DayNumber): Named | null {
  const said = words
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, " ");
  if (said === "today") return { from: today, to: today, previous: null };
  if (said === "yesterday") return { from: today - 1, to: today - 1, previous: null };
  const unit = /^(this|last|past|previous)[ -](week|month|quarter|year)$/.exec(said);
  if (unit) {
    const { [unit[2] as Unit]: startOf } = STARTS;
    const start = startOf(today);
    return whole(startOf, unit[1] === "this" ? start : startOf(start - 1));
  }
  const year = /^(\d{4})$/.exec(said);
  if (year) return wholeFrom("year", `${year[1]}-01-01`);
  const month = /^(\d{4}-\d{2})$/.exec(said);
  if (month) return wholeFrom("month", `${month[1]}-01`);
  const quarter = /^(\d{4})[ -]?q([1-4])$/.exec(said);
  if (quarter) return wholeFrom("quarter", `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, "0")}-01`);
  const span = /^(\d{4}-\d{2}-\d{2})(?: ?(?:\.\.|\/|to|until) ?(\d{4}-\d{2}-\d{2}))?$/.exec(said);
  if (!span) return null;
  const from = parseDay(span[1]!, "period");
  return { from, to: span[2] === undefined ? from : parseDay(span[2], "period"), previous: null };
}

/** `last 7 days`: they end with the last complete day. */
async function daysUpToNow(call: ToolCall, words: string, today: DayNumber, metric: string): Promise<Named | null> {
  const found = /^(?:last|past|previous)[\s_-]*(\d{1,3})[\s_-]*(day|week|month)s?$/i.exec(words.trim());
  const count = Number(found?.[1] ?? 0);
  if (!found || count === 0) return null;
  if (found[2]!.toLowerCase() === "month") {
    let from = monthStart(today);
    for (let month = 0; month < count && from > 0; month++) from = monthStart(from - 1);
    return { from, to: monthStart(today) - 1, previous: null };
  }
  const days = found[2]!.toLowerCase() === "week" ? count * 7 : count;
  const to = await lastCompleteDay(call, today, metric);
  return { from: Math.max(0, to - days + 1), to, previous: null };
}

/** A unit in progress ends with the last complete day, and is compared with as many days of the unit before. */
async function cutAtLastDay(call: ToolCall, named: Named, today: DayNumber, metric: string): Promise<Named> {
  const { from, previous } = named;
  const last = await lastCompleteDay(call, today, metric);
  const to = last < from ? Math.min(named.to, today) : last;
  if (previous === null) return { from, to, previous };
  return { from, to, previous: { from: previous.from, to: Math.min(previous.to, previous.from + to - from) } };
}

async function lastCompleteDay(call: ToolCall, today: DayNumber, metric: string): Promise<DayNumber> {
  // Whoever sees their own figures alone cannot ask how far those of the organization go.
  if (!call.context.caller.permissions.has("read")) return today - 1;
  const { range, coverage } = await call.ask(await catalog.report(), { metric });
  return coverage.covered === 0 ? today - 1 : parseDay(range.to);
}

type Unit = "week" | "month" | "quarter" | "year";

const STARTS: Readonly<Record<Unit, (day: DayNumber) => DayNumber>> = {
  week: weekStart,
  month: monthStart,
  quarter: (day) => {
    const start = monthStart(day);
    const month = Number(dayText(start).slice(5, 7));
    return (month - 1) % 3 === 0 ? start : STARTS.quarter(start - 1);
  },
  year: (day) => parseDay(`${dayText(day).slice(0, 4)}-01-01`),
};

function rangeOf({ from, to }: Days): DayRange {
  return { from: dayText(from), to: dayText(to) };
}

function wholeFrom(unit: Unit, first: string): Named | null {
  const start = tryDay(first);
  return start === null ? null : whole(STARTS[unit], start);
}

/** No unit is longer than 366 days, nor shorter than a week. */
function whole(startOf: (day: DayNumber) => DayNumber, start: DayNumber): Named {
  let next = start + 7;
  while (startOf(next) === start) next += 1;
  const before = start === 0 ? null : { from: startOf(start - 1), to: start - 1 };
  return { from: start, to: next - 1, previous: before };
}
