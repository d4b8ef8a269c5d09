import { dayOfInstant, dayText } from "../../domain/index.ts";
import type { DayNumber, Hiding, Population, Scope, Span } from "../../domain/index.ts";
import type { Store, Tx } from "../../store/index.ts";
import { beginAsking } from "../asking.ts";
import { countOf, unionOf } from "../bits.ts";
import type { Asking } from "../asking.ts";
import { chooseSources, spanOf } from "../choose.ts";
import type { Choice } from "../choose.ts";
import type { Needs } from "../compile.ts";
import { rangeCoverage } from "../coverage.ts";
import type { RangeCoverage, StreamCoverage } from "../coverage.ts";
import { hiddenGroups } from "../hidden-groups.ts";
import { DIRECTORY_IS_TODAYS } from "../past/warning.ts";
import { withPast } from "../past/with-past.ts";
import { guard } from "../private-question.ts";
import { rangeCut, resolve, untilToday } from "../resolve.ts";
import type { ActiveRule, Answer, AnswerWarning, Condition, DayRange, Question } from "../types.ts";
import { withoutFigures } from "./hidden.ts";
import { personsOf } from "./people.ts";

export const SOURCE = "claude_code";
const TABLES = ["claude_code_activity", "claude_code_tools"];

/** What narrows an answer about activity. Default population: humans. */
export type ActivityQuestion = Pick<
  Question,
  "from" | "to" | "where" | "population" | "activeRule" | "denominator" | "asOf"
>;

/** A range of days of Claude Code, being looked at in one snapshot. */
export interface Activity {
  readonly asking: Asking;
  /** Null when nothing has to be hidden from who asks. */
  readonly hiding: Hiding | null;
  readonly span: Span;
  /** The equal-length period right before. */
  readonly previous: Span;
  readonly range: RangeCoverage;
  readonly choices: readonly Choice[];
  readonly coverages: readonly StreamCoverage[];
  /** First day that every organization has read, or null. */
  readonly heldFrom: DayNumber | null;
  /** The last day of the range that was read to its end, or null. */
  readonly lastComplete: DayNumber | null;
  /** Of any day, within the range or not. */
  stateOf(day: DayNumber): "complete" | "partial" | "missing";
  isComplete(days: Span): boolean;
  warn(code: string, message: string): void;
  /** What the answer says of itself. Asked for last: the warnings are those of then. */
  frame(): ActivityFrame;
}

export interface ActivityFrame extends Pick<Answer, "coverage" | "completeThrough" | "asOf"> {
  readonly range: DayRange & { readonly timezone: "UTC" };
  readonly previousRange: DayRange;
  readonly where: readonly Condition[];
  readonly population: Population;
  readonly activeRule: ActiveRule;
  readonly source: readonly string[];
  readonly provisional: readonly string[];
  readonly warnings: readonly AnswerWarning[];
}

/**
 * Looks at the activity of a range in one snapshot, also as it was at the end of an earlier day.
 *
 * @param defaultDays how long the range is when only its end, or neither, is asked.
 * @throws Failure `input.*`
 */
export async function readActivity<T extends object>(
  store: Store,
  scope: Scope,
  question: ActivityQuestion,
  now: number,
  use: (activity: Activity) => Promise<T>,
  defaultDays = 30,
): Promise<T> {
  const { denominator: _, asOf, ...rest } = question;
  // Whatever it counts, it may be narrowed by what people can be narrowed by.
  const asked = resolve({ metric: "active_users", source: SOURCE, ...rest, ...(asOf === undefined ? {} : { asOf }) });
  const resolved = untilToday(
    { ...asked, denominator: question.denominator ?? null },
    dayOfInstant(now),
    scope.pastDay,
  );
  const read = async (tx: Tx, own: Scope) => {
    const begun = await beginAsking(tx, own, resolved);
    const { resolved: guarded, hiding } = await guard(begun);
    const asking = { ...begun, resolved: guarded };
    if (resolved.to !== asked.to) {
      asking.warnings.push(rangeCut(resolved.to!, scope.pastDay));
    }
    const activity = await activityOf(asking, hiding, now, defaultDays);
    const answer = await use(activity);
    return (await isHidden(activity)) ? withoutFigures(answer) : answer;
  };
  if (resolved.asOf === null) return store.read((tx) => read(tx, scope));
  return withPast(store, scope, resolved.asOf, { tables: TABLES, span: null }, (past, own) =>
    past.read((tx) => read(tx, own)),
  );
}

/** Whether all that was selected is about too few people. */
async function isHidden(activity: Activity): Promise<boolean> {
  const { asking, hiding, choices, span, previous } = activity;
  if (hiding === null) return false;
  if (asking.resolved.where.length === 0) {
    // Everybody is a selection that takes nobody out: the daily bit sets tell how many they are, without a row read.
    const { set } = await personsOf(activity, span);
    if (countOf(unionOf(set, span.from, span.to)) >= hiding.minimumGroup) return false;
  }
  const resolved = { ...asking.resolved, by: [] };
  const both = { from: previous.from, to: span.to };
  return (await hiddenGroups({ ...asking, resolved }, hiding, choices, both)).everything;
}

const NEEDS: Needs = { quantities: ["sessions"], by: [], where: [], population: false };

async function activityOf(asking: Asking, hiding: Hiding | null, now: number, defaultDays: number): Promise<Activity> {
  const span = await spanAsked(asking, now, defaultDays);
  const length = span.to - span.from;
  const choices = await chooseSources(asking, NEEDS, span);
  const coverages = await Promise.all(asking.organizations.map((one) => asking.coverage(one, SOURCE)));
  const range = rangeCoverage(coverages, span);
  const firsts = coverages.map(({ days }) => Math.min(Infinity, ...days.keys()));
  const heldFrom = Math.max(...firsts);
  const { stateOf } = range;
  const isComplete = (days: Span) => {
    for (let day = days.from; day < days.to; day++) if (stateOf(day) !== "complete") return false;
    return true;
  };
  warnGaps(asking, range);
  if (asking.resolved.asOf !== null) {
    asking.warnings.push(DIRECTORY_IS_TODAYS);
  }
  const { conditions, population, activeRule, asOf } = asking.resolved;
  const previous = { from: span.from - length, to: span.from };
  return {
    asking,
    hiding,
    span,
    previous,
    range,
    choices,
    coverages,
    heldFrom: Number.isFinite(heldFrom) ? heldFrom : null,
    lastComplete: daysOf(span).findLast((day) => stateOf(day) === "complete") ?? null,
    stateOf,
    isComplete,
    warn: (code, message) => {
      if (!asking.warnings.some((warning) => warning.code === code)) asking.warnings.push({ code, message });
    },
    frame: () => ({
      range: { ...rangeText(span), timezone: "UTC" },
      previousRange: rangeText(previous),
      where: conditions,
      population,
      activeRule,
      source: [SOURCE],
      completeThrough: range.completeThrough,
      asOf: dayText(asOf ?? dayOfInstant(now)),
      coverage: { ...range.coverage, heldFrom: range.heldFrom },
      provisional: range.provisional.map(dayText),
      warnings: asking.warnings,
    }),
  };
}

async function spanAsked(asking: Asking, now: number, defaultDays: number): Promise<Span> {
  const span = await spanOf(asking, NEEDS, dayOfInstant(now));
  if (asking.resolved.from !== null) return span;
  return { from: Math.max(0, span.to - defaultDays), to: span.to };
}

function warnGaps(asking: Asking, { coverage }: RangeCoverage): void {
  const { days, covered, partial } = coverage;
  const gaps = days - covered - partial;
  if (gaps + partial === 0) return;
  const parts = [gaps > 0 ? `${gaps} not collected` : "", partial > 0 ? `${partial} only in part` : ""].filter(Boolean);
  const message = `Of ${days} ${days === 1 ? "day" : "days"} ${parts.join(" and ")}: the figures are not final.`;
  asking.warnings.push({ code: "incomplete", message });
}

export function rangeText({ from, to }: Span): DayRange {
  return { from: dayText(from), to: dayText(to - 1) };
}

export function daysOf({ from, to }: Span): DayNumber[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** Day 0 was a Thursday. */
export function isWeekday(day: DayNumber): boolean {
  return (day + 3) % 7 < 5;
}
