import type { DayNumber, Span } from "../../domain/index.ts";
import { eligiblePeople } from "../adoption.ts";
import type { Eligible } from "../adoption.ts";
import { dayOf, maskOf } from "../bits.ts";
import type { DayBits } from "../bits.ts";
import type { Identities } from "../identity.ts";
import type { Denominator } from "../types.ts";
import type { Activity } from "./frame.ts";
import type { ActivePersons } from "./people.ts";

/** The asked denominator, else the roster if one is loaded, else the members. */
export function defaultDenominator({ asking }: Activity, who: Identities): Denominator {
  const { denominator } = asking.resolved;
  return denominator ?? ([...who.known.values()].some((row) => row.inRoster) ? "roster" : "org_members");
}

/** Whether a person is of the teams that were asked for, at the end of the range. */
export function ofAskedTeams({ asking, span }: Activity, who: Identities): (person: string) => boolean {
  const teams = asking.resolved.where.find(({ dimension }) => dimension.id === "team")?.values;
  return (person) => !teams || teams.has(who.teamOf(person, span.to - 1));
}

/** Who could be active on each day, in the same bits as who was. */
export interface EligibleDays {
  readonly people: readonly Eligible[];
  /** On any of these days. */
  count(days: Span): number;
  /** One bit a person on any of these days who was active ever. */
  mask(days: Span): Uint32Array;
  byGroup(days: Span, groupOf: (person: string) => string | null): Map<string | null, EligibleGroup>;
}

export interface EligibleGroup {
  readonly count: number;
  readonly mask: Uint32Array;
}

/** Null where the source has no such list. */
export async function eligibleDays(
  activity: Activity,
  persons: ActivePersons,
  denominator: Denominator,
  span: Span,
): Promise<EligibleDays | null> {
  const { asking } = activity;
  const who = await asking.identities();
  const listed = await eligiblePeople(asking, who, denominator, span);
  if (listed === null) return null;
  const ofTeams = ofAskedTeams(activity, who);
  const codes = new Map([...(await persons.names())].map(([code, name]) => [name, code]));
  const since = denominator === "ever_active" ? firstDays(persons.set) : null;
  const people = listed
    .filter(({ person }) => ofTeams(person))
    // Ever active as of a day is active until then.
    .map((one) => (since ? { ...one, from: since.get(codes.get(one.person) ?? -1) ?? one.from } : one));
  const { words } = persons.set;
  const codesOf = (some: readonly Eligible[]) => some.flatMap(({ person }) => codes.get(person) ?? []);
  // Who is eligible on every day is put into the mask once; few come or go within a range.
  const stays = ({ from, to }: Eligible) => from <= span.from && to >= span.to - 1;
  const always = people.filter(stays);
  const sometimes = people.filter((one) => !stays(one));
  const base = maskOf(codesOf(always), words);
  const on = (days: Span) => sometimes.filter(({ from, to }) => from < days.to && to >= days.from);
  return {
    people,
    count: (days) => always.length + on(days).length,
    mask(days) {
      const mask = base.slice();
      for (const code of codesOf(on(days))) mask[code >>> 5]! |= 1 << (code & 31);
      return mask;
    },
    byGroup(days, groupOf) {
      const groups = Map.groupBy([...always, ...on(days)], ({ person }) => groupOf(person));
      const grouped = ([group, own]: [string | null, Eligible[]]) =>
        [group, { count: own.length, mask: maskOf(codesOf(own), words) }] as const;
      return new Map([...groups].map(grouped));
    },
  };
}

/** The first day on which each code is set. */
export function firstDays(set: DayBits): ReadonlyMap<number, DayNumber> {
  return setDays(set, "first");
}

/** The last day on which each code is set. */
export function lastDays(set: DayBits): ReadonlyMap<number, DayNumber> {
  return setDays(set, "last");
}

function setDays(set: DayBits, which: "first" | "last"): ReadonlyMap<number, DayNumber> {
  const found = new Map<number, DayNumber>();
  const seen = new Uint32Array(set.words);
  for (let at = 0; at < set.days; at++) {
    const day = which === "first" ? set.from + at : set.from + set.days - 1 - at;
    const words = dayOf(set, day);
    for (let word = 0; word < words.length; word++) {
      for (let rest = words[word]! & ~seen[word]!; rest !== 0; rest &= rest - 1) {
        found.set(word * 32 + 31 - Math.clz32(rest & -rest), day);
      }
      seen[word]! |= words[word]!;
    }
  }
  return found;
}
