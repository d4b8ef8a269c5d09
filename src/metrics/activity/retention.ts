import type { DayNumber, Span } from "../../domain/index.ts";
import { countOf, dayOf, unionOf } from "../bits.ts";
import type { DayBits } from "../bits.ts";
import { bucketOf, bucketsOf, bucketText } from "../buckets.ts";
import { PEOPLE_FLOOR } from "../define.ts";
import type { ReasonCode } from "../types.ts";
import { divided, none } from "./figures.ts";
import type { Figure } from "./figures.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { isTooSmall } from "./hidden.ts";
import { historyOf, personsOf } from "./people.ts";
import type { History } from "./people.ts";

/** What was done before the first day held is not known, so that the first to be seen are no newcomers. */
const CENSORED_DAYS = 28;

type CohortGrain = "week" | "month";

export interface Retention extends ActivityFrame {
  readonly grain: CohortGrain;
  readonly cohorts: readonly Cohort[];
  readonly existing: (Omit<Cohort, "cohort" | "complete"> & { readonly from: string; readonly to: string }) | null;
  readonly weeks: readonly WeekOfPeople[];
}

export interface Cohort {
  readonly cohort: string;
  readonly size: number | null;
  readonly complete: boolean;
  readonly reason?: ReasonCode;
  readonly lowSample?: true;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly k: number;
  readonly period: string;
  readonly active: number | null;
  readonly rate: number | null;
  readonly reason?: ReasonCode;
}

export interface WeekOfPeople {
  readonly week: string;
  readonly complete: boolean;
  readonly leftCensored: boolean;
  readonly active: number | null;
  readonly previous: number | null;
  readonly new: number | null;
  readonly retained: number | null;
  readonly resurrected: number | null;
  readonly churned: number | null;
  readonly reason?: ReasonCode;
  readonly quickRatio: Figure;
  readonly returningRate: Figure;
}

/** A whole week or month, with who was active in it and who for the first time. */
interface Period {
  readonly start: DayNumber;
  readonly days: Span;
  readonly isComplete: boolean;
  readonly active: Uint32Array;
  readonly first: Uint32Array;
}

/** Who came, who came back and who stayed away: cohorts by first active day, and the accounts of each week. */
export async function retentionOf(activity: Activity, grain: CohortGrain): Promise<Retention> {
  const history = await historyOf(activity);
  const { set } = await personsOf(activity, history);
  const periods = periodsOf(activity, set, history, grain);
  const weeks = grain === "week" ? periods : periodsOf(activity, set, history, "week");
  const cohorts = cohortsOf(activity, history, periods, grain);
  if (cohorts.existing) {
    const message = `Whoever was first seen in the first four weeks of the store, from ${cohorts.existing.from} to ${cohorts.existing.to}, may have been active before: they are existing users, not a cohort.`;
    activity.warn("left_censored", message);
  }
  return { grain, ...cohorts, weeks: weeksOf(activity, history, weeks), ...activity.frame() };
}

function periodsOf(activity: Activity, set: DayBits, history: Span, grain: CohortGrain): Period[] {
  const firsts = firstsByDay(set);
  return bucketsOf(history, grain).map(({ bucket, days }) => {
    const end = endOf(bucket, grain);
    return {
      start: bucket,
      days: { from: bucket, to: end },
      isComplete: end <= activity.span.to && activity.isComplete({ from: bucket, to: end }),
      active: unionOf(set, days.from, days.to),
      first: unionOf(firsts, days.from, days.to),
    };
  });
}

/** Each bit on its first day alone. */
function firstsByDay(set: DayBits): DayBits {
  const firsts = { ...set, bits: set.bits.slice() };
  const seen = new Uint32Array(set.words);
  for (let day = set.from; day < set.from + set.days; day++) {
    const words = dayOf(firsts, day);
    for (let word = 0; word < words.length; word++) {
      const now = words[word]!;
      words[word] = now & ~seen[word]!;
      seen[word]! |= now;
    }
  }
  return firsts;
}

function endOf(bucket: DayNumber, grain: CohortGrain): DayNumber {
  if (grain === "week") return bucket + 7;
  // No month is longer than 31 days, and none shorter than 28.
  return bucketOf(bucket + 31, "month");
}

function cohortsOf(
  activity: Activity,
  { begins }: History,
  periods: readonly Period[],
  grain: CohortGrain,
): Pick<Retention, "cohorts" | "existing"> {
  const censoredUntil = (begins ?? Infinity) + CENSORED_DAYS;
  const earliest = bucketOf(activity.span.from, grain);
  const old = periods.filter(({ start }) => start < censoredUntil);
  const young = periods.filter(({ start }) => start >= censoredUntil && start >= earliest);
  const cellsFor = (members: Uint32Array, size: number, base: number) =>
    periods
      .map((period, at) => ({ period, k: at - base }))
      .filter(({ k, period }) => k >= 0 && period.start >= earliest)
      .map(({ period, k }) => cellOf(period, members, size, k, grain));
  const cohorts = young.map((period) => {
    const size = countOf(period.first);
    const cohort = bucketText(period.start, grain);
    const at = periods.indexOf(period);
    return { cohort, complete: period.isComplete, ...shownCohort(activity, size, cellsFor(period.first, size, at)) };
  });
  const last = old.at(-1);
  if (!last || begins === null) return { cohorts, existing: null };
  const members = new Uint32Array(last.first.length);
  for (const { first } of old) first.forEach((word, at) => (members[at]! |= word));
  const size = countOf(members);
  const cells = cellsFor(members, size, old.length - 1).filter(({ k }) => k > 0);
  const existing = {
    from: bucketText(bucketOf(begins, grain), grain),
    to: bucketText(last.start, grain),
    ...shownCohort(activity, size, cells),
  };
  return { cohorts, existing };
}

/** What a handful of people did week by week is about each of them. */
function shownCohort(activity: Activity, size: number, cells: readonly Cell[]) {
  if (isTooSmall(activity, size)) {
    const reason = "suppressed_for_privacy" as const;
    return { size: null, reason, cells: cells.map((cell) => ({ ...cell, active: null, rate: null, reason })) };
  }
  return { size, ...(size > 0 && size < PEOPLE_FLOOR ? { lowSample: true as const } : {}), cells };
}

function cellOf(period: Period, members: Uint32Array, size: number, k: number, grain: CohortGrain): Cell {
  const place = { k, period: bucketText(period.start, grain) };
  if (!period.isComplete) return { ...place, active: null, rate: null, reason: "not_collected_yet" };
  const active = countOf(members, period.active);
  if (size === 0) return { ...place, active, rate: null, reason: "zero_denominator" };
  return { ...place, active, rate: active / size };
}

function weeksOf(activity: Activity, { begins }: History, periods: readonly Period[]): WeekOfPeople[] {
  const earliest = bucketOf(activity.span.from, "week");
  const weeks: WeekOfPeople[] = [];
  const before = new Uint32Array(periods[0]?.active.length ?? 0);
  periods.forEach((period, at) => {
    if (period.start >= earliest) weeks.push(weekOf(begins, period, periods[at - 1], before));
    period.active.forEach((word, index) => (before[index]! |= word));
  });
  return weeks;
}

/** @param before everybody active on any day before the week. */
function weekOf(
  begins: DayNumber | null,
  week: Period,
  previous: Period | undefined,
  before: Uint32Array,
): WeekOfPeople {
  const place = {
    week: bucketText(week.start, "week"),
    complete: week.isComplete,
    leftCensored: begins === null || week.start < begins + CENSORED_DAYS,
  };
  const active = countOf(week.active);
  if (previous?.isComplete !== true) {
    const unknown = none("not_collected_yet");
    const nobody = { previous: null, new: null, retained: null, resurrected: null, churned: null };
    const seen = active > 0 || week.isComplete ? active : null;
    return {
      ...place,
      active: seen,
      ...nobody,
      reason: "not_collected_yet",
      quickRatio: unknown,
      returningRate: unknown,
    };
  }
  const last = countOf(previous.active);
  const retained = countOf(week.active, previous.active);
  const fresh = active - countOf(week.active, before);
  const resurrected = active - fresh - retained;
  // Somebody may still come before the week is over.
  const churned = week.isComplete ? last - retained : null;
  const pending = none("not_collected_yet");
  return {
    ...place,
    active,
    previous: last,
    new: fresh,
    retained,
    resurrected,
    churned,
    ...(churned === null ? { reason: "not_collected_yet" as const } : {}),
    quickRatio: churned === null ? pending : divided(fresh + resurrected, churned),
    returningRate: churned === null ? pending : divided(retained, last, PEOPLE_FLOOR),
  };
}
