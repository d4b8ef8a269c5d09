import { dayText } from "../../domain/index.ts";
import type { DayNumber, Span } from "../../domain/index.ts";
import { countOf, dayOf, rollingCounts, unionOf } from "../bits.ts";
import type { DayBits } from "../bits.ts";
import { bucketsOf } from "../buckets.ts";
import { PEOPLE_FLOOR } from "../define.ts";
import type { Denominator, ReasonCode } from "../types.ts";
import { defaultDenominator, eligibleDays } from "./eligible.ts";
import { compare, divided, figure, mean, none } from "./figures.ts";
import type { Compared, Figure } from "./figures.ts";
import { daysOf, isWeekday, rangeText } from "./frame.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { historyOf, personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";

const WEEK = 7;
const MONTH = 30;
/** A year and its last, begun week. */
const CALENDAR_DAYS = 371;
const FREQUENCY_DAYS = 28;

/** Active days of the last 28 that make a band. */
const BANDS = [
  { id: "daily", least: 16, most: 28 },
  { id: "weekly", least: 4, most: 15 },
  { id: "occasional", least: 1, most: 3 },
] as const;

export type DayState = "complete" | "partial" | "missing";

export interface ActiveUsers extends ActivityFrame {
  readonly windows: { readonly wau: 7; readonly mau: 30 };
  readonly headline: Readonly<
    Record<
      "dauAverage" | "dauWeekdayAverage" | "wau" | "mau" | "periodActive" | "activePersonDays" | "weeklyAverage",
      Compared
    >
  >;
  readonly stickiness: Readonly<Record<"dauMauWeekday" | "dauMau" | "dauWau" | "wauMau", Figure>> & {
    readonly day: string | null;
  };
  readonly series: readonly DayOfUsers[];
  readonly calendar: readonly CalendarDay[];
  readonly frequency: Frequency;
}

export interface DayOfUsers {
  readonly day: string;
  readonly dau: number | null;
  readonly wau: number | null;
  readonly mau: number | null;
  readonly reason?: ReasonCode;
  readonly state: DayState;
  readonly provisional: boolean;
  readonly partialWindow: { readonly wau: boolean; readonly mau: boolean };
}

export interface CalendarDay {
  readonly day: string;
  readonly active: number | null;
  readonly state: DayState;
  readonly provisional: boolean;
}

export interface Frequency {
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly days: number;
  readonly reason?: ReasonCode;
  readonly bands: readonly {
    readonly id: "daily" | "weekly" | "occasional" | "lapsed" | "never";
    readonly least: number | null;
    readonly most: number | null;
    readonly people: number | null;
    readonly reason?: ReasonCode;
  }[];
  readonly denominator: Denominator;
}

/** Daily, weekly and monthly active people, how sticky the tool is, and how often people use it. */
export async function activeUsersOf(activity: Activity): Promise<ActiveUsers> {
  const persons = await personsOf(activity, await historyOf(activity));
  const counts = new Counts(activity, persons.set);
  const frequency = await frequencyOf(activity, persons);
  const stickiness = stickinessOf(activity, counts);
  const short = activity.range.coverage.days - countWhole(activity, MONTH);
  if (short > 0) {
    const message = `${short} of ${activity.range.coverage.days} windows of 30 days are not collected whole; their counts are lower bounds.`;
    activity.warn("window_not_covered", message);
  }
  return {
    windows: { wau: WEEK, mau: MONTH },
    headline: headlineOf(activity, counts),
    stickiness,
    series: seriesOf(activity, counts),
    calendar: calendarOf(activity, counts),
    frequency,
    ...activity.frame(),
  };
}

/** Rolling counts of every day that is held. */
class Counts {
  readonly activity: Activity;
  readonly set: DayBits;
  readonly dau: readonly number[];
  readonly wau: readonly number[];
  readonly mau: readonly number[];

  constructor(activity: Activity, set: DayBits) {
    this.activity = activity;
    this.set = set;
    this.dau = rollingCounts(set, 1);
    this.wau = rollingCounts(set, WEEK);
    this.mau = rollingCounts(set, MONTH);
  }

  at(counts: readonly number[], day: DayNumber): number {
    return counts[day - this.set.from] ?? 0;
  }

  isWhole(day: DayNumber, window: number): boolean {
    return this.activity.isComplete({ from: day - window + 1, to: day + 1 });
  }
}

function countWhole(activity: Activity, window: number): number {
  return daysOf(activity.span).filter((day) => activity.isComplete({ from: day - window + 1, to: day + 1 })).length;
}

function headlineOf(activity: Activity, counts: Counts): ActiveUsers["headline"] {
  const now = figuresOf(activity, counts, activity.span, false);
  const before = figuresOf(activity, counts, activity.previous, true);
  const both = (name: keyof ReturnType<typeof figuresOf>) => compare(now[name], before[name], "relative");
  return {
    dauAverage: both("dauAverage"),
    dauWeekdayAverage: both("dauWeekdayAverage"),
    wau: both("wau"),
    mau: both("mau"),
    periodActive: both("periodActive"),
    activePersonDays: both("activePersonDays"),
    weeklyAverage: both("weeklyAverage"),
  };
}

/** @param strict a period with gaps is no measure for another one: null then. */
function figuresOf(activity: Activity, counts: Counts, span: Span, strict: boolean) {
  const complete = daysOf(span).filter((day) => activity.stateOf(day) === "complete");
  const last = complete.at(-1);
  const nothingKnown = strict ? complete.length < span.to - span.from : complete.length === 0;
  const known = (value: () => Figure): Figure => (nothingKnown ? none("not_collected_yet") : value());
  const windowed = (of: readonly number[], window: number): Figure => {
    if (last === undefined || (strict && !counts.isWhole(last, window))) return none("not_collected_yet");
    return figure(counts.at(of, last));
  };
  const average = (days: readonly DayNumber[]) => mean(days.map((day) => counts.at(counts.dau, day)));
  const weeks = bucketsOf(span, "week").filter(({ days }) => activity.isComplete(days));
  return {
    dauAverage: known(() => average(complete)),
    dauWeekdayAverage: known(() => average(complete.filter(isWeekday))),
    wau: windowed(counts.wau, WEEK),
    mau: windowed(counts.mau, MONTH),
    periodActive: known(() => figure(countOf(unionOf(counts.set, span.from, span.to)))),
    activePersonDays: known(() => figure(daysOf(span).reduce((sum, day) => sum + counts.at(counts.dau, day), 0))),
    weeklyAverage: known(() => mean(weeks.map(({ days }) => countOf(unionOf(counts.set, days.from, days.to))))),
  };
}

/** A window that was not read whole would make any tool look less used than it is. */
function stickinessOf(activity: Activity, counts: Counts): ActiveUsers["stickiness"] {
  const day = activity.lastComplete;
  if (day === null || !counts.isWhole(day, MONTH)) {
    const missing = none("not_collected_yet");
    return {
      day: day === null ? null : dayText(day),
      dauMauWeekday: missing,
      dauMau: missing,
      dauWau: missing,
      wauMau: missing,
    };
  }
  const back = (days: number) => daysOf({ from: day - days + 1, to: day + 1 });
  const average = (of: readonly number[], days: readonly DayNumber[]) =>
    mean(days.map((one) => counts.at(of, one))).value;
  const monthly = counts.at(counts.mau, day);
  const weekly = counts.at(counts.wau, day);
  return {
    day: dayText(day),
    dauMauWeekday: divided(average(counts.dau, back(MONTH).filter(isWeekday)), monthly, PEOPLE_FLOOR),
    dauMau: divided(average(counts.dau, back(MONTH)), monthly, PEOPLE_FLOOR),
    dauWau: divided(average(counts.dau, back(WEEK)), weekly, PEOPLE_FLOOR),
    // The first of these weeks begins six days before the month.
    wauMau: counts.isWhole(day, MONTH + WEEK - 1)
      ? divided(average(counts.wau, back(MONTH)), monthly, PEOPLE_FLOOR)
      : none("not_collected_yet"),
  };
}

function seriesOf(activity: Activity, counts: Counts): DayOfUsers[] {
  const provisional = new Set(activity.range.provisional);
  return daysOf(activity.span).map((day) => {
    const state = activity.stateOf(day);
    const dau = counts.at(counts.dau, day);
    // Rows that came in a window of other days count, though their own day was not read.
    const unknown = state === "missing" && dau === 0;
    return {
      day: dayText(day),
      dau: unknown ? null : dau,
      wau: unknown ? null : counts.at(counts.wau, day),
      mau: unknown ? null : counts.at(counts.mau, day),
      ...(unknown ? { reason: "not_collected_yet" as const } : {}),
      state,
      provisional: provisional.has(day),
      partialWindow: { wau: !counts.isWhole(day, WEEK), mau: !counts.isWhole(day, MONTH) },
    };
  });
}

function calendarOf(activity: Activity, counts: Counts): CalendarDay[] {
  const { span } = activity;
  const from = Math.max(span.to - CALENDAR_DAYS, Math.min(counts.set.from, span.from));
  return daysOf({ from, to: span.to }).map((day) => {
    const state = activity.stateOf(day);
    const active = counts.at(counts.dau, day);
    const provisional = activity.coverages.some(({ days }) => days.get(day)?.provisional === true);
    return { day: dayText(day), active: state === "missing" && active === 0 ? null : active, state, provisional };
  });
}

async function frequencyOf(activity: Activity, persons: ActivePersons): Promise<Frequency> {
  const { asking, lastComplete } = activity;
  const denominator = defaultDenominator(activity, await asking.identities());
  const days = lastCompleteDays(activity, persons.set.from);
  const first = days.at(-1);
  if (days.length < FREQUENCY_DAYS || first === undefined || lastComplete === null) {
    const reason = "not_collected_yet" as const;
    const unknown = { people: null, reason };
    return {
      window: null,
      days: days.length,
      reason,
      bands: [
        ...BANDS.map((band) => ({ ...band, ...unknown })),
        { id: "lapsed", least: 0, most: 0, ...unknown },
        { id: "never", least: null, most: null, ...unknown },
      ],
      denominator,
    };
  }
  const activeDays = activeDaysOf(persons.set, days);
  const inBand = (least: number, most: number) => activeDays.filter((count) => count >= least && count <= most).length;
  const ever = countOf(unionOf(persons.set, persons.set.from, lastComplete + 1));
  const recent = inBand(1, FREQUENCY_DAYS);
  return {
    window: rangeText({ from: first, to: lastComplete + 1 }),
    days: days.length,
    bands: [
      ...BANDS.map((band) => ({ ...band, people: inBand(band.least, band.most) })),
      { id: "lapsed", least: 0, most: 0, people: ever - recent },
      { id: "never", least: null, most: null, ...(await neverActive(activity, persons, denominator, lastComplete)) },
    ],
    denominator,
  };
}

/** The last 28 complete days, newest first: gaps are stepped over, not taken for idle days. */
export function lastCompleteDays(activity: Activity, from: DayNumber): DayNumber[] {
  const days: DayNumber[] = [];
  for (let day = activity.span.to - 1; day >= from && days.length < FREQUENCY_DAYS; day--) {
    if (activity.stateOf(day) === "complete") days.push(day);
  }
  return days;
}

/** By code: on how many of these days it is set. */
function activeDaysOf(set: DayBits, days: readonly DayNumber[]): number[] {
  const counts = new Uint16Array(set.words * 32);
  for (const day of days) {
    const words = dayOf(set, day);
    for (let word = 0; word < words.length; word++) {
      for (let rest = words[word]!; rest !== 0; rest &= rest - 1) {
        counts[word * 32 + 31 - Math.clz32(rest & -rest)]!++;
      }
    }
  }
  return [...counts];
}

async function neverActive(
  activity: Activity,
  persons: ActivePersons,
  denominator: Denominator,
  day: DayNumber,
): Promise<{ readonly people: number | null; readonly reason?: ReasonCode }> {
  const { asking } = activity;
  if (asking.resolved.population !== "humans") return { people: null, reason: "not_reported_by_source" };
  const today = { from: day, to: day + 1 };
  const eligible = await eligibleDays(activity, persons, denominator, today);
  if (eligible === null) return { people: null, reason: "not_reported_by_source" };
  const ever = unionOf(persons.set, persons.set.from, day + 1);
  return { people: eligible.count(today) - countOf(ever, eligible.mask(today)) };
}
