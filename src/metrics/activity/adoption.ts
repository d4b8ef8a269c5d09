import { dayText } from "../../domain/index.ts";
import type { Span } from "../../domain/index.ts";
import { countOf, dayOf, rollingUnions, unionOf } from "../bits.ts";
import type { DayBits } from "../bits.ts";
import { PEOPLE_FLOOR } from "../define.ts";
import { denominators as every } from "../resolve.ts";
import type { Denominator, ReasonCode } from "../types.ts";
import { lastCompleteDays } from "./active-users.ts";
import type { DayState } from "./active-users.ts";
import { defaultDenominator, eligibleDays } from "./eligible.ts";
import type { EligibleDays } from "./eligible.ts";
import { compare, divided, figure, none } from "./figures.ts";
import type { Compared, Figure } from "./figures.ts";
import { daysOf } from "./frame.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { hiddenTeams, isTooSmall } from "./hidden.ts";
import { historyOf, personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";

export interface Adoption extends ActivityFrame {
  readonly denominator: Denominator;
  readonly headline: {
    readonly rate: Compared;
    readonly active: Compared;
    readonly eligible: Compared;
    readonly activeOutsideDenominator: number | null;
  };
  readonly denominators: readonly DenominatorRate[];
  readonly series: readonly DayOfAdoption[];
  readonly teams: readonly TeamAdoption[];
  readonly notStarted: number | null;
  readonly lapsed: number | null;
}

interface Rate {
  readonly active: number | null;
  readonly eligible: number | null;
  readonly rate: Figure;
}

export type DenominatorFlag = "no_seats" | "denominator_backfilled" | "not_loaded";

export interface DenominatorRate extends Rate {
  readonly id: Denominator;
  readonly activeOutside: number | null;
  readonly flags: readonly DenominatorFlag[];
}

export interface DayOfAdoption {
  readonly day: string;
  readonly eligible: number | null;
  readonly daily: Figure;
  readonly weekly: Figure;
  readonly monthly: Figure;
  readonly state: DayState;
  readonly provisional: boolean;
  readonly partialWindow: { readonly weekly: boolean; readonly monthly: boolean };
}

export interface TeamAdoption extends Rate {
  readonly team: string | null;
  readonly previousRate: Figure;
  readonly reason?: ReasonCode;
}

/** Active people over those who could be, by each list of who could be. Numerator and denominator are the same teams. */
export async function adoptionOf(activity: Activity): Promise<Adoption> {
  const { previous, asking } = activity;
  const persons = await personsOf(activity, await historyOf(activity));
  const denominator = defaultDenominator(activity, await asking.identities());
  const sides = await sideBySide(activity, persons, denominator);
  const { side: own, eligible: now } = sides.find(({ side }) => side.id === denominator)!;
  const before = activity.isComplete(previous) ? await eligibleDays(activity, persons, denominator, previous) : null;
  const earlier = rateOver(persons.set, before, previous);
  const missing = none("not_collected_yet");
  const past = (value: number | null) => (before === null || value === null ? missing : figure(value));
  const present = (value: number | null) =>
    value === null ? none(own.rate.reason ?? "not_collected_yet") : figure(value);
  return {
    denominator,
    headline: {
      rate: compare(own.rate, before === null ? missing : earlier.rate, "points"),
      active: compare(present(own.active), past(earlier.active), "relative"),
      eligible: compare(present(own.eligible), past(earlier.eligible), "relative"),
      activeOutsideDenominator: own.activeOutside,
    },
    denominators: sides.map(({ side }) => side),
    series: seriesOf(activity, persons.set, now),
    teams: await teamsOf(activity, now, before),
    ...(await outOfUse(activity, persons, now)),
    ...activity.frame(),
  };
}

/** Every denominator over the range; what is said of one that was not asked stays out of the warnings. */
async function sideBySide(
  activity: Activity,
  persons: ActivePersons,
  asked: Denominator,
): Promise<{ readonly side: DenominatorRate; readonly eligible: EligibleDays | null }[]> {
  const { warnings } = activity.asking;
  const sides = [];
  for (const id of every) {
    const before = warnings.length;
    const eligible = await eligibleDays(activity, persons, id, activity.span);
    const told = warnings.slice(before).map(({ code }) => code);
    if (id !== asked) warnings.splice(before);
    const flags = (["no_seats", "denominator_backfilled"] as const).filter((code) => told.includes(code));
    const isEmpty = eligible !== null && eligible.people.length === 0;
    const rated = rateOver(persons.set, isEmpty ? null : eligible, activity.span);
    const isUnread = activity.range.coverage.covered + activity.range.coverage.partial === 0 && rated.active === 0;
    const others = eligible === null ? null : outside(persons.set, eligible, activity.span);
    const side: DenominatorRate = {
      id,
      ...(isUnread ? { ...rated, active: null, rate: none("not_collected_yet") } : rated),
      activeOutside: others === null || isTooSmall(activity, others) ? null : others,
      flags: isEmpty ? [...flags, "not_loaded"] : flags,
    };
    sides.push({ side, eligible: isEmpty ? null : eligible });
  }
  return sides;
}

function rateOver(set: DayBits, eligible: EligibleDays | null, days: Span): Rate {
  if (eligible === null) return { active: null, eligible: null, rate: none("not_reported_by_source") };
  const active = countOf(unionOf(set, days.from, days.to), eligible.mask(days));
  const able = eligible.count(days);
  return { active, eligible: able, rate: divided(active, able, PEOPLE_FLOOR) };
}

function outside(set: DayBits, eligible: EligibleDays, days: Span): number {
  const active = unionOf(set, days.from, days.to);
  return countOf(active) - countOf(active, eligible.mask(days));
}

function seriesOf(activity: Activity, set: DayBits, eligible: EligibleDays | null): DayOfAdoption[] {
  const windows = [set, rollingUnions(set, 7), rollingUnions(set, 30)] as const;
  const provisional = new Set(activity.range.provisional);
  return daysOf(activity.span).map((day) => {
    const one = { from: day, to: day + 1 };
    const mask = eligible?.mask(one);
    const able = eligible?.count(one) ?? null;
    const state = activity.stateOf(day);
    const rate = (unions: DayBits): Figure => {
      if (mask === undefined || able === null) return none("not_reported_by_source");
      if (state === "missing") return none("not_collected_yet");
      return divided(countOf(dayOf(unions, day), mask), able, PEOPLE_FLOOR);
    };
    const isWhole = (window: number) => activity.isComplete({ from: day - window + 1, to: day + 1 });
    return {
      day: dayText(day),
      eligible: able,
      daily: rate(windows[0]),
      weekly: rate(windows[1]),
      monthly: rate(windows[2]),
      state,
      provisional: provisional.has(day),
      partialWindow: { weekly: !isWhole(7), monthly: !isWhole(30) },
    };
  });
}

async function teamsOf(
  activity: Activity,
  now: EligibleDays | null,
  before: EligibleDays | null,
): Promise<TeamAdoption[]> {
  if (now === null) return [];
  const { span, previous } = activity;
  const past = before?.byTeam(previous);
  const teams = now.byTeam(span);
  const rows = [...teams].map(([team, { eligible, active }]) => {
    const then = past?.get(team);
    return {
      team,
      eligible: eligible.size,
      active: active.size,
      rate: divided(active.size, eligible.size, PEOPLE_FLOOR),
      previousRate: then ? divided(then.active.size, then.eligible.size, PEOPLE_FLOOR) : none("not_collected_yet"),
    };
  });
  const hidden = await hiddenTeams(activity, new Map([...teams].map(([team, { eligible }]) => [team, eligible])));
  const reason = "suppressed_for_privacy" as const;
  const nobody = { eligible: null, active: null, rate: none(reason), previousRate: none(reason), reason };
  return rows
    .map((row) => (hidden.has(row.team) ? { team: row.team, ...nobody } : row))
    .sort((a, b) => (b.eligible ?? 0) - (a.eligible ?? 0) || ((a.team ?? "\uffff") < (b.team ?? "\uffff") ? -1 : 1));
}

/** Of those who could be active at the end of the range: who never was, and who has not been for 28 complete days. */
async function outOfUse(
  activity: Activity,
  persons: ActivePersons,
  eligible: EligibleDays | null,
): Promise<Pick<Adoption, "notStarted" | "lapsed">> {
  const day = activity.lastComplete;
  if (eligible === null || eligible.people.length === 0 || day === null) return { notStarted: null, lapsed: null };
  const today = { from: day, to: day + 1 };
  const { set } = persons;
  const mask = eligible.mask(today);
  const ever = unionOf(set, set.from, day + 1);
  const days = lastCompleteDays(activity, set.from);
  const started = countOf(ever, mask);
  const recent = countOf(unionOf(set, days.at(-1) ?? day, day + 1), mask);
  return { notStarted: eligible.count(today) - started, lapsed: started - recent };
}
