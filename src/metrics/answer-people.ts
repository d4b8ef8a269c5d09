import { dayText } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import type { Figures } from "./answer-sums.ts";
import { bucketText, bucketsOf } from "./buckets.ts";
import { isFull } from "./coverage.ts";
import type { RangeCoverage } from "./coverage.ts";
import type { Measure } from "./define.ts";
import { nothing } from "./evaluate.ts";
import type { Evaluated } from "./evaluate.ts";
import { countPeople, rollingPeople } from "./people.ts";
import type { PeopleGroup, PeopleRequest } from "./people.ts";
import { isUncollected, rowsOf, spread } from "./rows.ts";
import type { Placed } from "./rows.ts";
import type { AnswerRow } from "./types.ts";

const SOURCE = "claude_code";

/** Distinct people, or person-days, of the range or of each bucket. */
export async function answerActive(
  asking: Asking,
  measure: Extract<Measure, { kind: "active" }>,
  span: Span,
  range: RangeCoverage,
): Promise<Figures> {
  const { groups, total } = await countPeople(asking, requestOf(asking, span));
  const amount = (group: PeopleGroup) => (measure.count === "people" ? group.people : group.personDays);
  const evaluate = (group: PeopleGroup): Evaluated => ({ value: amount(group), weight: BigInt(amount(group)) });
  const rows = rowsOf(
    asking,
    span,
    range,
    groups.map((group) => ({ ...group, source: SOURCE })),
    emptyGroup,
    evaluate,
    SOURCE,
  );
  const whole = isUncollected(range) && amount(total) === 0 ? nothing("not_collected_yet") : evaluate(total);
  const { grain, by } = asking.resolved;
  // Buckets in which nothing happened count as 0: the mean is over time, not over the busy part of it.
  const average = grain && by.length === 0 ? { average: bucketAverage(span, range, grain, rows) } : {};
  return { rows, total: { ...spread(whole), source: SOURCE, ...average } };
}

/** Rolling distinct people by day; a window that was not collected whole is a lower bound and says so. */
export async function answerRolling(
  asking: Asking,
  measure: Extract<Measure, { kind: "rolling" }>,
  span: Span,
  range: RangeCoverage,
): Promise<Figures> {
  const window = measure.days;
  const { whole, series } = await rollingPeople(asking, requestOf(asking, span), window);
  const { by } = asking.resolved;
  const short = await shortWindows(asking, span, window);
  if (short.size > 0 && window > 1) {
    const message = `${short.size} of ${span.to - span.from} windows of ${window} days are not collected whole; their counts are lower bounds.`;
    asking.warnings.push({ code: "window_not_covered", message });
  }
  const provisional = new Set(range.provisional);
  const rows: AnswerRow[] = [];
  for (let day = span.from; day < span.to; day++) {
    const collected = range.stateOf(day) !== "missing";
    for (const { dims, counts } of series) {
      const value = counts[day - span.from]!;
      rows.push({
        ...Object.fromEntries(by.map((dimension, at) => [dimension.id, dims[at] ?? null])),
        day: dayText(day),
        ...(collected || value > 0 ? { value } : { value: null, reason: "not_collected_yet" as const }),
        source: SOURCE,
        ...(provisional.has(day) ? { provisional: true as const } : {}),
        ...(range.stateOf(day) === "partial" ? { partial: true as const } : {}),
        ...(window > 1 && short.has(day) ? { partialWindow: true } : {}),
      });
    }
  }
  const complete = days(span).filter((day) => range.stateOf(day) === "complete");
  const last = complete.at(-1);
  const mean = (chosen: readonly DayNumber[]) =>
    chosen.length === 0 ? null : chosen.reduce((sum, day) => sum + whole[day - span.from]!, 0) / chosen.length;
  return {
    rows,
    total: {
      ...(last === undefined
        ? { value: null, reason: "not_collected_yet" as const }
        : { value: whole[last - span.from]! }),
      source: SOURCE,
      average: mean(complete),
      averageWeekday: mean(complete.filter(isWeekday)),
    },
  };
}

function requestOf(asking: Asking, span: Span): PeopleRequest {
  const { by, where, population, grain, activeRule } = asking.resolved;
  return { organizations: asking.organizations, span, rule: activeRule, population, by, where, grain, only: null };
}

function bucketAverage(
  span: Span,
  range: RangeCoverage,
  grain: NonNullable<Asking["resolved"]["grain"]>,
  rows: readonly AnswerRow[],
): number | null {
  const complete = bucketsOf(span, grain).filter(({ days: own }) =>
    days(own).every((day) => range.stateOf(day) === "complete"),
  );
  const names = new Set(complete.map(({ bucket }) => bucketText(bucket, grain)));
  const values = rows.filter((row) => names.has(String(row[grain]))).map((row) => Number(row.value ?? 0));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Days whose window reaches over a day that was not read to its end. */
async function shortWindows(asking: Asking, span: Span, window: number): Promise<ReadonlySet<DayNumber>> {
  const coverages = await Promise.all(asking.organizations.map((one) => asking.coverage(one, SOURCE)));
  const incomplete = days({ from: span.from - window + 1, to: span.to }).filter(
    (day) => coverages.length === 0 || !coverages.every((one) => isFull(one, { from: day, to: day + 1 })),
  );
  const short = new Set<DayNumber>();
  for (const day of incomplete) {
    for (let end = Math.max(day, span.from); end < Math.min(day + window, span.to); end++) short.add(end);
  }
  return short;
}

function days(span: Span): DayNumber[] {
  return Array.from({ length: span.to - span.from }, (_, index) => span.from + index);
}

/** Day 0 was a Thursday. */
function isWeekday(day: DayNumber): boolean {
  return (day + 3) % 7 < 5;
}

function emptyGroup({ dims, bucket, source }: Placed): PeopleGroup & Placed {
  return { dims, bucket, source, people: 0, personDays: 0 };
}
