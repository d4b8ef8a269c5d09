import { sql } from "kysely";

import { dayText } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { dayOf, unionOf, codesOfBits } from "../bits.ts";
import type { Identities } from "../identity.ts";
import type { Denominator } from "../types.ts";
import { lastCompleteDays } from "./active-users.ts";
import { defaultDenominator, eligibleDays, lastDays } from "./eligible.ts";
import { daysOf } from "./frame.ts";
import type { Activity, ActivityFrame } from "./frame.ts";
import { historyOf, personsOf } from "./people.ts";
import type { ActivePersons } from "./people.ts";

/** Somebody by name, as lists of people show them. */
export interface Named {
  readonly person: string;
  readonly personId: string | null;
  readonly name: string;
  readonly team: string | null;
}

export interface AdoptionPeople extends ActivityFrame {
  readonly denominator: Denominator;
  readonly notStarted: readonly (Named & { readonly eligibleSince: string | null; readonly invite: string | null })[];
  readonly lapsed: readonly (Named & { readonly lastActive: string; readonly daysSince: number })[];
  readonly outside: readonly (Named & { readonly lastActive: string; readonly activeDays: number })[];
}

/** Who has not begun, who has stopped, and who is active without being in the denominator. For who may see people. */
export async function adoptionPeopleOf(activity: Activity): Promise<AdoptionPeople> {
  const { asking, span, lastComplete } = activity;
  const who = await asking.identities();
  const denominator = defaultDenominator(activity, who);
  const persons = await personsOf(activity, await historyOf(activity));
  const eligible = await eligibleDays(activity, persons, denominator, span);
  const day = lastComplete ?? span.to - 1;
  const last = await lastByPerson(persons);
  const able = (eligible?.people ?? []).filter(({ from, to }) => from <= day && to >= day);
  const recent = lastCompleteDays(activity, persons.set.from).at(-1) ?? day;
  const invites = await inviteStates(activity, who);
  const notStarted = able
    .filter(({ person }) => !last.has(person))
    .map(({ person, from }) => ({
      ...named(who, person, day),
      eligibleSince: from > 0 ? dayText(from) : null,
      invite: invites.get(person) ?? null,
    }));
  const lapsed = able
    .map(({ person }) => ({ person, seen: last.get(person) }))
    .flatMap(({ person, seen }) =>
      seen === undefined || seen >= recent
        ? []
        : [{ ...named(who, person, day), lastActive: dayText(seen), daysSince: day - seen }],
    );
  return {
    denominator,
    notStarted: byName(notStarted),
    lapsed: lapsed.sort((a, b) => b.daysSince - a.daysSince || (a.person < b.person ? -1 : 1)),
    outside: await outsideOf(activity, persons, eligible?.mask(span) ?? null, last),
    ...activity.frame(),
  };
}

export async function lastByPerson(persons: ActivePersons): Promise<ReadonlyMap<string, DayNumber>> {
  const names = await persons.names();
  return new Map([...lastDays(persons.set)].map(([code, day]) => [names.get(code)!, day]));
}

async function outsideOf(
  activity: Activity,
  persons: ActivePersons,
  mask: Uint32Array | null,
  last: ReadonlyMap<string, DayNumber>,
): Promise<AdoptionPeople["outside"]> {
  if (mask === null) return [];
  const { asking, span } = activity;
  const who = await asking.identities();
  const names = await persons.names();
  const days = new Map<number, number>();
  for (const day of daysOf(span)) {
    for (const code of codesOfBits(dayOf(persons.set, day))) days.set(code, (days.get(code) ?? 0) + 1);
  }
  const active = unionOf(persons.set, span.from, span.to).map((word, at) => word & ~mask[at]!);
  return byName(
    codesOfBits(active).map((code) => {
      const person = names.get(code)!;
      return {
        ...named(who, person, span.to - 1),
        lastActive: dayText(last.get(person)!),
        activeDays: days.get(code) ?? 0,
      };
    }),
  );
}

/** Who is not in the directory goes by the e-mail. */
export function named(who: Identities, person: string, day: DayNumber): Named {
  const row = who.known.get(person);
  return { person, personId: row?.personId ?? null, name: row?.name ?? person, team: who.teamOf(person, day) };
}

export function byName<T extends Named>(people: T[]): T[] {
  return people.sort((a, b) => (a.name === b.name ? (a.person < b.person ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** The state of the newest invitation of each person. */
async function inviteStates({ asking }: Activity, who: Identities): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ email: string; status: string }>`
    select email, status
    from invites
    where tenant_id = ${asking.scope.tenantId}
    order by invited_at
  `.execute(asking.tx.db);
  return new Map(
    rows.flatMap(({ email, status }) => {
      const identity = who.ofEmail(email);
      return identity.population === "humans" ? [[identity.person, status] as const] : [];
    }),
  );
}
