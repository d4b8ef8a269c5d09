import { sql } from "kysely";

import type { DayNumber, Span } from "../../domain/index.ts";
import { activePeople } from "../active.ts";
import { scanActive } from "../active-scan.ts";
import { codesOfBits, emptyBits, unionOf } from "../bits.ts";
import type { DayBits } from "../bits.ts";
import { identityLabel } from "../identity.ts";
import type { ActiveRule } from "../types.ts";
import type { Activity } from "./frame.ts";

/** Who was active on which day, one bit a person, already narrowed to the question's population and filters. */
export interface ActivePersons {
  readonly set: DayBits;
  /** The person behind each bit that is set on any day. */
  names(): Promise<ReadonlyMap<number, string>>;
  /** The other way round. */
  codes(): Promise<ReadonlyMap<string, number>>;
}

const IN_BITS: ReadonlySet<string> = new Set(["organization", "team"]);

/** Active people of some days: from the daily bit sets where they can answer, else from the rows. */
export function personsOf(activity: Activity, span: Span, rule?: ActiveRule): Promise<ActivePersons> {
  const { resolved } = activity.asking;
  const asked = rule ?? resolved.activeRule;
  const kept = resolved.where.every(({ dimension }) => IN_BITS.has(dimension.id));
  return kept ? fromBits(activity, span, asked) : fromRows(activity, span, asked);
}

/** All days that are held until the end of the range: what "first" and "ever" mean. */
export interface History extends Span {
  /** Since when the record tells who was active, or null: what was before is not known, and may have been anything. */
  readonly begins: DayNumber | null;
}

/** The source may answer days of which it kept nothing with nothing, so the record begins with the first activity. */
export async function historyOf({ asking, span, heldFrom }: Activity): Promise<History> {
  const { rows } = await sql<{ first: bigint | null }>`
    select min(day) as first
    from active_days
    where tenant_id = ${asking.scope.tenantId}
  `.execute(asking.tx.db);
  const first = rows[0]?.first == null ? null : Number(rows[0].first);
  const from = Math.min(span.from, heldFrom ?? span.from, first ?? span.from);
  return { from, to: span.to, begins: heldFrom === null ? null : Math.max(heldFrom, first ?? heldFrom) };
}

async function fromBits({ asking }: Activity, span: Span, rule: ActiveRule): Promise<ActivePersons> {
  const { resolved, organizations } = asking;
  const teams = resolved.where.find(({ dimension }) => dimension.id === "team")?.values;
  const asked = teams !== undefined;
  const active = await activePeople(asking, organizations, span, rule, resolved.population, asked);
  const set = teams ? active.ofTeams(teams) : active.set;
  if (teams) {
    const mask = new Uint32Array(set.words);
    for (const [team, own] of active.teamMasks) if (teams.has(team)) own.forEach((word, at) => (mask[at]! |= word));
    for (let at = 0; at < set.bits.length; at++) set.bits[at]! &= mask[at % set.words]!;
  }
  return withNames(set, async () => {
    const who = await asking.identities();
    const codes = codesOfBits(unionOf(set, span.from, span.to));
    const texts = await asking.texts.of("actor", new Set(codes));
    return new Map(codes.map((code) => [code, identityLabel(who.ofActor(texts.get(code) ?? ""))]));
  });
}

function withNames(set: DayBits, read: () => Promise<ReadonlyMap<number, string>>): ActivePersons {
  let reading: Promise<ReadonlyMap<number, string>> | undefined;
  let turned: Promise<ReadonlyMap<string, number>> | undefined;
  const names = () => (reading ??= read());
  const turn = async () => new Map([...(await names())].map(([code, name]) => [name, code]));
  return { set, names, codes: () => (turned ??= turn()) };
}

async function fromRows({ asking }: Activity, span: Span, rule: ActiveRule): Promise<ActivePersons> {
  const { where, population } = asking.resolved;
  const { organizations } = asking;
  const active = await scanActive(asking, { organizations, span, rule, population, by: [], where, only: null });
  const codes = new Map<string, number>();
  for (const { person } of active) if (!codes.has(person)) codes.set(person, codes.size);
  const set = emptyBits(span.from, span.to - span.from, (codes.size >>> 5) + 1);
  for (const { person, day } of active) addCode(set, day, codes.get(person)!);
  return withNames(set, () => Promise.resolve(new Map([...codes].map(([person, code]) => [code, person]))));
}

function addCode(set: DayBits, day: DayNumber, code: number): void {
  set.bits[(day - set.from) * set.words + (code >>> 5)]! |= 1 << (code & 31);
}
