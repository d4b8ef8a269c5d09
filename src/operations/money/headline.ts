import type { z } from "zod";

import { parseDay } from "../../domain/index.ts";
import type { AnswerFigures, AnswerRow, Grain, Question } from "../../metrics/index.ts";
import type { figureState, headline } from "../figures.ts";
import { fitting, isAnswer, metricOf, rangeBefore } from "./asking.ts";
import type { Asker } from "./asking.ts";
import { changeOf } from "./change.ts";

export type Headline = z.output<typeof headline>;

export const NOT_COVERED = "comparison period not available";

/** One metric with what it was before, and how it went from day to day. */
export async function headlineOf(asker: Asker, asked: Question, sparkline: boolean): Promise<Headline> {
  const question = fitting(asked);
  const grain = sparkline && asked.from && asked.to ? grainFor(asked.from, asked.to) : sparkline ? "day" : undefined;
  const found = await asker.tryAsk({ ...question, ...(grain ? { grain } : {}) });
  if (!isAnswer(found)) return unavailable(question, found.unavailable);
  const { total, range, unit } = found;
  const before = rangeBefore(range, asker.compareTo);
  const earlier = await asker.tryAsk({ ...question, ...before });
  const comparable = isAnswer(earlier) && earlier.coverage.covered === earlier.coverage.days;
  const change = comparable ? changeOf(total.value, earlier.total.value, unit) : null;
  return {
    metric: found.metric,
    title: found.title,
    unit,
    kind: found.kind,
    population: found.population,
    activeRule: found.activeRule,
    denominator: found.denominator,
    source: found.source,
    range: { from: range.from, to: range.to },
    value: total.value,
    reason: total.reason ?? null,
    lowSample: total.lowSample ?? false,
    parts: total.parts ?? null,
    unavailable: null,
    previous: comparable ? { range: before, value: earlier.total.value, reason: earlier.total.reason ?? null } : null,
    previousReason: comparable ? null : NOT_COVERED,
    change,
    sparkline: grain ? { grain, points: pointsOf(found, grain) } : null,
    ...trustOf(found),
    warnings: found.warnings,
  };
}

/** The coarseness at which a range has at most 92 points. */
export function grainFor(from: string, to: string): Grain {
  const days = parseDay(to, "to") - parseDay(from, "from") + 1;
  return days <= 92 ? "day" : days <= 92 * 7 - 6 ? "week" : "month";
}

function pointsOf({ rows }: AnswerFigures, grain: Grain) {
  return rows.map((row) => ({
    at: placeOf(row, grain),
    value: row.value,
    provisional: row.provisional ?? false,
    partial: row.partial ?? false,
  }));
}

/** Where in time a row stands. Rolling figures are by day, whatever was asked. */
export function placeOf(row: AnswerRow, grain: Grain): string {
  return String(row[grain] ?? row["day"] ?? "");
}

/** How far an answer can be trusted, with one word for it all. */
export function trustOf({ completeThrough, coverage, provisional }: AnswerFigures) {
  return { completeThrough, coverage, provisional, state: stateOf(coverage, provisional) };
}

function stateOf(coverage: AnswerFigures["coverage"], provisional: readonly string[]): z.output<typeof figureState> {
  if (coverage.covered + coverage.partial === 0) return "missing";
  if (coverage.covered < coverage.days) return "partial";
  return provisional.length > 0 ? "provisional" : "complete";
}

function unavailable(question: Question, why: string): Headline {
  const metric = metricOf(question.metric)!;
  return {
    metric: metric.id,
    title: metric.title,
    unit: metric.unit,
    kind: question.kind ?? null,
    population: question.population ?? metric.population,
    activeRule: question.activeRule ?? null,
    denominator: question.denominator ?? null,
    source: [],
    range: { from: question.from ?? "", to: question.to ?? "" },
    value: null,
    reason: "not_reported_by_source",
    lowSample: false,
    parts: null,
    unavailable: why,
    previous: null,
    previousReason: null,
    change: null,
    sparkline: null,
    completeThrough: null,
    coverage: { days: 0, covered: 0, partial: 0, missing: [], heldFrom: null },
    provisional: [],
    state: "missing",
    warnings: [],
  };
}
