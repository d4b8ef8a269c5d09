import { sql } from "kysely";

import { dayText, Failure } from "../../domain/index.ts";
import type { DayNumber } from "../../domain/index.ts";
import { countOf, unionOf } from "../bits.ts";
import { PEOPLE_FLOOR } from "../define.ts";
import type { ActiveRule, AnswerWarning, Denominator, ReasonCode } from "../types.ts";
import { byName, lastByPerson, named } from "./adoption-people.ts";
import type { Named } from "./adoption-people.ts";
import { defaultDenominator, eligibleDays } from "./eligible.ts";
import { divided, none } from "./figures.ts";
import type { Figure } from "./figures.ts";
import type { Activity } from "./frame.ts";
import { hiddenTeams, isTooSmall } from "./hidden.ts";
import { historyOf, personsOf } from "./people.ts";

/** In the order in which lists show them. */
export const LICENCE_STATES = [
  "active",
  "new",
  "inactive_14",
  "inactive_30",
  "inactive_60",
  "inactive_90",
  "never_active",
  "unknown",
] as const;

export type LicenceState = (typeof LICENCE_STATES)[number];

const IDLE = [90, 60, 30, 14] as const;
const RECENT_DAYS = 30;

/** What the tenant decided about licences, and whom it protects. */
export interface LicenceTerms {
  /** Days after which who was never active is no longer new. */
  readonly graceDays: number;
  /** From so many idle days on a licence may be taken back. */
  readonly idleDays: 14 | 30 | 60 | 90;
  /** By `personId`, or by the e-mail of who is not in the directory. */
  readonly exceptions: ReadonlyMap<string, LicenceException>;
}

export interface LicenceException {
  readonly reason: string;
  /** Last day, held; null is for good. */
  readonly until: DayNumber | null;
}

export interface Licence extends Named {
  readonly state: LicenceState;
  readonly eligibleSince: string | null;
  readonly lastActive: string | null;
  readonly daysSince: number | null;
  readonly protected: { readonly reason: string; readonly until: string | null } | null;
  readonly reclaimable: boolean;
}

/** Everybody who could be active at the end of the range, with the state of their licence as of then. */
export interface LicenceList {
  readonly day: string | null;
  readonly heldFrom: string | null;
  readonly activeRule: ActiveRule;
  readonly denominator: Denominator;
  readonly graceDays: number;
  readonly idleDays: number;
  readonly completeThrough: string | null;
  readonly warnings: readonly AnswerWarning[];
  /** Null where the source has no such list. */
  readonly licences: readonly Licence[] | null;
  readonly outside: readonly (Named & { readonly lastActive: string })[];
  readonly utilisation: Figure;
  /** Whether some use in the record was by subscription, so that there are seats that somebody pays. */
  readonly hasSubscriptions: boolean;
  readonly keysOfLeavers: number;
}

export async function licencesOf(activity: Activity, terms: LicenceTerms): Promise<LicenceList> {
  const { asking, lastComplete, heldFrom } = activity;
  refuseOthers(activity);
  const who = await asking.identities();
  const denominator = defaultDenominator(activity, who);
  const history = await historyOf(activity);
  const persons = await personsOf(activity, history);
  const day = lastComplete;
  const at = day ?? activity.span.to - 1;
  const today = { from: at, to: at + 1 };
  const eligible = await eligibleDays(activity, persons, denominator, today);
  const last = await lastByPerson(persons);
  const people = (eligible?.people ?? []).filter(({ from, to }) => from <= at && to >= at);
  const isListed = eligible !== null && eligible.people.length > 0;
  const licences = people.map(({ person, from }) => {
    const seen = last.get(person);
    const lastActive = seen !== undefined && seen <= at ? seen : null;
    const state = day === null ? "unknown" : stateOf(activity, terms, day, from, lastActive);
    const row = named(who, person, at);
    const exception = terms.exceptions.get(row.personId ?? person);
    const isProtected = exception !== undefined && (exception.until === null || exception.until >= at);
    return {
      ...row,
      state,
      eligibleSince: from > 0 ? dayText(from) : null,
      lastActive: lastActive === null ? null : dayText(lastActive),
      daysSince: lastActive === null ? null : at - lastActive,
      protected: isProtected
        ? { reason: exception.reason, until: exception.until === null ? null : dayText(exception.until) }
        : null,
      reclaimable: !isProtected && isIdle(state, terms.idleDays),
    };
  });
  const window = { from: at - RECENT_DAYS + 1, to: at + 1 };
  const recent = unionOf(persons.set, window.from, window.to);
  const names = await persons.names();
  const mask = eligible?.mask(today);
  const outside = [...names].filter(
    ([code]) => isListed && isSet(recent, code) && mask !== undefined && !isSet(mask, code),
  );
  return {
    day: day === null ? null : dayText(day),
    heldFrom: heldFrom === null ? null : dayText(heldFrom),
    activeRule: asking.resolved.activeRule,
    denominator,
    graceDays: terms.graceDays,
    idleDays: terms.idleDays,
    completeThrough: activity.range.completeThrough,
    licences: isListed ? byName(licences) : null,
    outside: byName(
      outside.map(([, person]) => ({ ...named(who, person, at), lastActive: dayText(last.get(person)!) })),
    ),
    utilisation: !isListed
      ? none("not_reported_by_source")
      : activity.isComplete(window)
        ? divided(countOf(recent, mask), people.length, PEOPLE_FLOOR)
        : none("not_collected_yet"),
    hasSubscriptions: (await asking.texts.codes("customer_type", ["subscription"])).has("subscription"),
    keysOfLeavers: await keysOfLeavers(activity),
    warnings: asking.warnings,
  };
}

/** Who is idle in one terminal may be busy in another: nobody's licence is judged by a part of what they do. */
function refuseOthers({ asking }: Activity): void {
  const other = asking.resolved.where.find(({ dimension }) => !["team", "organization"].includes(dimension.id));
  if (!other) return;
  const dimension = other.dimension.id;
  throw new Failure("input.dimension_not_available", { metric: "licences", dimension, choices: "team, organization" });
}

function isSet(bits: Uint32Array, code: number): boolean {
  return (bits[code >>> 5]! & (1 << (code & 31))) !== 0;
}

function isIdle(state: LicenceState, idleDays: number): boolean {
  if (state === "never_active") return true;
  const idle = IDLE.find((days) => state === `inactive_${days}`);
  return idle !== undefined && idle >= idleDays;
}

/**
 * Idle for N days is: no activity on any of the last N days, all of which were read to their end. Where one was not,
 * nobody knows, and nothing is recommended.
 *
 * @param since first day of eligibility; 0 is unknown
 */
function stateOf(
  activity: Activity,
  { graceDays, idleDays }: LicenceTerms,
  day: DayNumber,
  since: DayNumber,
  last: DayNumber | null,
): LicenceState {
  const knows = (days: number) => activity.isComplete({ from: day - days + 1, to: day + 1 });
  if (last === null) {
    if (since > 0 && day - since < graceDays) return "new";
    return knows(idleDays) ? "never_active" : "unknown";
  }
  const idle = IDLE.find((days) => day - last >= days);
  if (idle === undefined) return "active";
  return knows(idle) ? `inactive_${idle}` : "unknown";
}

/** Keys that work and whose creator is no member any more. */
async function keysOfLeavers({ asking }: Activity): Promise<number> {
  const codes = sql.raw(asking.organizations.map(({ code }) => code).join(",") || "-1");
  const { rows } = await sql<{ found: bigint }>`
    select count(*) as found
    from api_keys k
    where k.tenant_id = ${asking.scope.tenantId}
      and k.organization_id in (${codes})
      and k.status = 'active'
      and k.created_by_id like 'user%'
      and exists (
        select 1 from users u where u.tenant_id = k.tenant_id and u.organization_id = k.organization_id
      )
      and not exists (
        select 1
        from users u
        where u.tenant_id = k.tenant_id and u.organization_id = k.organization_id and u.id = k.created_by_id
      )
  `.execute(asking.tx.db);
  return Number(rows[0]?.found ?? 0);
}

export interface LicenceSummary extends Omit<LicenceList, "licences" | "outside"> {
  readonly eligible: number | null;
  readonly reason?: ReasonCode;
  readonly states: readonly {
    readonly id: LicenceState;
    readonly people: number | null;
    readonly reason?: ReasonCode;
  }[];
  readonly protected: number | null;
  readonly reclaimable: number | null;
  readonly teams: readonly {
    readonly team: string | null;
    readonly eligible: number | null;
    readonly reclaimable: number | null;
    readonly reason?: ReasonCode;
  }[];
  readonly hygiene: { readonly activeNotEligible: number | null; readonly keysOfLeavers: number | null };
}

/** The same in numbers: how many are in each state, and how many could be taken back. */
export async function licenceSummaryOf(activity: Activity, terms: LicenceTerms): Promise<LicenceSummary> {
  const { licences, outside, ...list } = await licencesOf(activity, terms);
  if (licences === null) {
    const reason = "not_reported_by_source" as const;
    return {
      ...list,
      eligible: null,
      reason,
      states: LICENCE_STATES.map((id) => ({ id, people: null, reason })),
      protected: null,
      reclaimable: null,
      teams: [],
      hygiene: { activeNotEligible: null, keysOfLeavers: list.keysOfLeavers },
    };
  }
  const byTeam = Map.groupBy(licences, ({ team }) => team);
  const people = [...byTeam].map(([team, own]) => [team, new Set(own.map(({ person }) => person))] as const);
  const hidden = await hiddenTeams(activity, new Map(people));
  const teams = [...byTeam]
    .map(([team, own]) => {
      const row = { team, eligible: own.length, reclaimable: own.filter(({ reclaimable }) => reclaimable).length };
      const reason = "suppressed_for_privacy" as const;
      return hidden.has(team) ? { team, eligible: null, reclaimable: null, reason } : row;
    })
    .sort((a, b) => (b.eligible ?? -1) - (a.eligible ?? -1) || ((a.team ?? "\uffff") < (b.team ?? "\uffff") ? -1 : 1));
  return {
    ...list,
    eligible: licences.length,
    states: LICENCE_STATES.map((id) => ({ id, people: licences.filter(({ state }) => state === id).length })),
    protected: licences.filter((one) => one.protected !== null).length,
    reclaimable: licences.filter(({ reclaimable }) => reclaimable).length,
    teams,
    hygiene: {
      activeNotEligible: isTooSmall(activity, outside.length) ? null : outside.length,
      keysOfLeavers: list.keysOfLeavers,
    },
  };
}
