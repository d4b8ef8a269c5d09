import type { DayNumber, Span } from "../../domain/index.ts";
import { eligiblePeople } from "../adoption.ts";
import type { Eligible } from "../adoption.ts";
import { dayOf, maskOf, unionOf } from "../bits.ts";
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

/** Who could be active on each day, in the same bits as who was. */
export interface EligibleDays {
  readonly people: readonly Eligible[];
  /** On any of these days. */
  count(days: Span): number;
  /** One bit a person on any of these days who was active ever. */
  mask(days: Span): Uint32Array;
  /** By team on the day: who could be active, and who was while they were there. */
  byTeam(
    days: Span,
  ): Map<string | null, { readonly eligible: ReadonlySet<string>; readonly active: ReadonlySet<string> }>;
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
  const { set } = persons;
  const codes = await persons.codes();
  const since = denominator === "ever_active" ? firstDays(set) : null;
  const isAsked = askedTeams(activity);
  const people = listed
    // Ever active as of a day is active until then.
    .map((one) => (since ? { ...one, from: since.get(codes.get(one.person) ?? -1) ?? one.from } : one))
    .flatMap((one) => inTeams(who, one, isAsked));
  const { words } = set;
  const codesOf = (some: readonly Eligible[]) => some.flatMap(({ person }) => codes.get(person) ?? []);
  // Who is eligible on every day is put into the mask once; few come or go within a range.
  const stays = ({ from, to }: Eligible) => from <= span.from && to >= span.to - 1;
  const always = people.filter(stays);
  const sometimes = people.filter((one) => !stays(one));
  const base = maskOf(codesOf(always), words);
  const on = (days: Span) => sometimes.filter(({ from, to }) => from < days.to && to >= days.from);
  return {
    people,
    count: (days) => always.length + new Set(on(days).map(({ person }) => person)).size,
    mask(days) {
      const mask = base.slice();
      for (const code of codesOf(on(days))) mask[code >>> 5]! |= 1 << (code & 31);
      return mask;
    },
    byTeam(days) {
      const teams = new Map<string | null, { eligible: Set<string>; active: Set<string> }>();
      const whole = unionOf(set, days.from, days.to);
      const isActive = (person: string, own: Span) => {
        const code = codes.get(person);
        if (code === undefined) return false;
        const union = own === days ? whole : unionOf(set, own.from, own.to);
        return (union[code >>> 5]! & (1 << (code & 31))) !== 0;
      };
      for (const { person, from, to } of [...always, ...on(days)]) {
        const moved = who.moved.has(person);
        const own = { from: Math.max(from, days.from), to: Math.min(to + 1, days.to) };
        const posts = moved ? who.teamsOf(person, own) : [{ team: who.teamOf(person, null), days }];
        for (const { team, days: there } of posts) {
          if (!isAsked(team)) continue;
          const group = teams.get(team) ?? { eligible: new Set(), active: new Set() };
          teams.set(team, group);
          group.eligible.add(person);
          if (isActive(person, there)) group.active.add(person);
        }
      }
      return teams;
    },
  };
}

/** Whether a team was asked for. */
export function askedTeams({ asking }: Activity): (team: string | null) => boolean {
  const teams = asking.resolved.where.find(({ dimension }) => dimension.id === "team")?.values;
  return (team) => !teams || teams.has(team);
}

/** The days of somebody who could be active in the asked teams: more than one piece where they changed team. */
function inTeams(who: Identities, one: Eligible, isAsked: (team: string | null) => boolean): Eligible[] {
  if (!who.moved.has(one.person)) return isAsked(who.teamOf(one.person, null)) ? [one] : [];
  const teams = who.teamsOf(one.person, { from: one.from, to: one.to + 1 });
  if (teams.every(({ team }) => isAsked(team))) return [one];
  return teams.flatMap(({ team, days }) =>
    isAsked(team) ? [{ person: one.person, from: days.from, to: days.to - 1 }] : [],
  );
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
