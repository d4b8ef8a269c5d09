import { sql } from "kysely";

import { dayOfText, dayText } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import { activePeople } from "./active.ts";
import type { Asking } from "./asking.ts";
import type { Figures } from "./answer-sums.ts";
import { codesOfBits, unionOf } from "./bits.ts";
import { bucketsOf } from "./buckets.ts";
import type { RangeCoverage } from "./coverage.ts";
import { PEOPLE_FLOOR } from "./define.ts";
import { nothing } from "./evaluate.ts";
import type { Evaluated } from "./evaluate.ts";
import { identityLabel } from "./identity.ts";
import type { Identities, TeamDays } from "./identity.ts";
import { isUncollected, rowsOf, spread } from "./rows.ts";
import type { Placed } from "./rows.ts";
import type { Denominator } from "./types.ts";

const SOURCE = "claude_code";
/** Roles of the Console that can use Claude Code. */
export const ELIGIBLE_ROLES: ReadonlySet<string> = new Set(["developer", "claude_code_user", "admin"]);

/** Someone who could be active, and from when until when. */
export interface Eligible {
  readonly person: string;
  readonly from: DayNumber;
  /** Last day, held. */
  readonly to: DayNumber;
}

/** A person who could be active, in a team, on some days. */
interface Stay extends TeamDays {
  readonly person: string;
}

interface AdoptionGroup extends Placed {
  readonly active: number;
  readonly eligible: number;
}

export interface AdoptionFigures extends Figures {
  readonly denominator: Denominator;
}

/**
 * Active people over eligible people, both of the same teams. Who is active and not eligible is left out of the rate
 * and listed, so that it never exceeds 1.
 */
export async function answerAdoption(asking: Asking, span: Span, range: RangeCoverage): Promise<AdoptionFigures> {
  const who = await asking.identities();
  const denominator =
    asking.resolved.denominator ?? ([...who.known.values()].some((row) => row.inRoster) ? "roster" : "org_members");
  const eligible = await eligiblePeople(asking, who, denominator, span);
  const active = await activeReader(asking, who, span);
  const teams = asking.resolved.where.find(({ dimension }) => dimension.id === "team")?.values;
  const isAsked = ({ team }: TeamDays) => !teams || teams.has(team);
  /** Who could be active in each team, with the days there: those of another team on a day are not asked about then. */
  const stays = (days: Span): Stay[] =>
    (eligible ?? []).flatMap((one) => {
      const own = { from: Math.max(one.from, days.from), to: Math.min(one.to + 1, days.to) };
      if (own.from >= own.to) return [];
      if (!who.moved.has(one.person)) {
        const stay = { person: one.person, team: who.teamOf(one.person, null), days };
        return isAsked(stay) ? [stay] : [];
      }
      return who.teamsOf(one.person, own).flatMap((stay) => (isAsked(stay) ? [{ person: one.person, ...stay }] : []));
    });
  const count = (own: readonly Stay[], days: Span): { active: number; eligible: number } => {
    const within = new Set(active(days));
    const isActive = (stay: Stay) =>
      within.has(stay.person) && (stay.days === days || active(stay.days).includes(stay.person));
    return {
      active: new Set(own.filter(isActive).map(({ person }) => person)).size,
      eligible: new Set(own.map(({ person }) => person)).size,
    };
  };
  const group = (bucket: DayNumber | null, days: Span, source: string): AdoptionGroup[] => {
    if (asking.resolved.by.length === 0) return [{ dims: [], bucket, source, ...count(stays(days), days) }];
    const byTeam = Map.groupBy(stays(days), ({ team }) => team);
    return [...byTeam].map(([team, own]) => ({ dims: [team], bucket, source, ...count(own, days) }));
  };
  const { grain, by } = asking.resolved;
  const buckets = grain ? bucketsOf(span, grain) : [{ bucket: null, days: span }];
  const groups = buckets.flatMap(({ bucket, days }) => group(bucket, days, SOURCE));
  // Never the sum of the teams: who changed team stands in both.
  const total = count(stays(span), span);
  const evaluate = (one: Pick<AdoptionGroup, "active" | "eligible">): Evaluated => {
    if (eligible === null) return nothing("not_reported_by_source");
    if (one.eligible === 0) return nothing("zero_denominator");
    const low = one.eligible < PEOPLE_FLOOR ? { lowSample: true as const } : {};
    return { value: one.active / one.eligible, weight: BigInt(one.active), ...low };
  };
  const ofTotal = isUncollected(range) && total.active === 0 ? nothing("not_collected_yet") : evaluate(total);
  const able = new Set((eligible ?? []).map((one) => one.person));
  const outside =
    eligible === null
      ? []
      : active(span).filter((person) => !able.has(person) && who.teamsOf(person, span).some(isAsked));
  return {
    denominator,
    rows: rowsOf(asking, span, range, groups, (place) => ({ ...place, active: 0, eligible: 0 }), evaluate, SOURCE),
    total: {
      ...spread(ofTotal),
      source: SOURCE,
      ...(by.length === 0 || eligible !== null ? { parts: { active: total.active, eligible: total.eligible } } : {}),
    },
    activeOutsideDenominator: outside.sort(),
  };
}

/** The active humans of any days of the range, by the name of their person. */
async function activeReader(asking: Asking, who: Identities, span: Span): Promise<(days: Span) => string[]> {
  const { activeRule } = asking.resolved;
  const { set } = await activePeople(asking, asking.organizations, span, activeRule, "humans", false);
  const names = await personNames(asking, who, codesOfBits(unionOf(set, span.from, span.to)));
  return (days) =>
    codesOfBits(unionOf(set, days.from, days.to))
      .map((code) => names.get(code))
      .filter((name) => name !== undefined);
}

async function personNames(asking: Asking, who: Identities, codes: readonly number[]): Promise<Map<number, string>> {
  const texts = await asking.texts.of("actor", new Set(codes));
  return new Map([...texts].map(([code, actor]) => [code, identityLabel(who.ofActor(actor))]));
}

/** Null when the source has no such list: a Console organization has no seats. */
export async function eligiblePeople(
  asking: Asking,
  who: Identities,
  denominator: Denominator,
  span: Span,
): Promise<readonly Eligible[] | null> {
  if (denominator === "assigned_seats") {
    const message = "A Console organization has no seats; ask with roster or org_members for member adoption.";
    asking.warnings.push({ code: "no_seats", message });
    return null;
  }
  if (denominator === "roster") {
    // Who left the roster was in it until then.
    const listed = [...who.known].filter(([, row]) => row.inRoster || row.endsOn !== null);
    return listed.map(([person, row]) => ({ person, from: row.startsOn ?? 0, to: row.endsOn ?? Infinity }));
  }
  if (denominator === "ever_active") {
    const reader = await activeReader(asking, who, { from: await firstActiveDay(asking, span), to: span.to });
    return reader({ from: 0, to: span.to }).map((person) => ({ person, from: 0, to: Infinity }));
  }
  return members(asking, who, span);
}

/** Members as last listed; who left before is not known, and a range before the list was read says so. */
async function members(asking: Asking, who: Identities, span: Span): Promise<Eligible[]> {
  const { rows } = await sql<{ email: string | null; role: string | null; added_at: string | null }>`
    select email, role, added_at
    from users
    where tenant_id = ${asking.scope.tenantId}
      and organization_id in (${sql.raw(asking.organizations.map(({ code }) => code).join(",") || "-1")})
  `.execute(asking.tx.db);
  const byPerson = new Map<string, Eligible>();
  for (const { email, role, added_at: addedAt } of rows) {
    if (email === null || role === null || !ELIGIBLE_ROLES.has(role)) continue;
    const person = identityLabel(who.ofEmail(email));
    const from = (addedAt === null ? null : dayOfText(addedAt)) ?? 0;
    byPerson.set(person, { person, from: Math.min(from, byPerson.get(person)?.from ?? Infinity), to: Infinity });
  }
  const read = await Promise.all(asking.organizations.map((one) => asking.membersReadOn(one)));
  const first = Math.min(...read.map((day) => day ?? Infinity));
  // A list that was never read to its end has no day.
  if (rows.length > 0 && Number.isFinite(first) && span.to <= first) {
    const message = `Members are those of ${dayText(first)}, when the list was read: who left before is not counted.`;
    asking.warnings.push({ code: "denominator_backfilled", message });
  }
  return [...byPerson.values()];
}

async function firstActiveDay(asking: Asking, span: Span): Promise<DayNumber> {
  const { rows } = await sql<{ first: bigint | null }>`
    select min(day) as first
    from active_days
    where tenant_id = ${asking.scope.tenantId}
  `.execute(asking.tx.db);
  return Math.min(Number(rows[0]?.first ?? span.from), span.from);
}
