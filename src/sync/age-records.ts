import { dayText, isJsonObject, type DayNumber, type Json, type Scope } from "../domain/index.ts";
import type { Stream } from "../source/index.ts";
import {
  daysOfVersions,
  eraseClosedContents,
  getSetting,
  logState,
  setSetting,
  type Tx,
  type WriteTx,
} from "../store/index.ts";
import type { AgedIdentities } from "./aged-identities.ts";
import { mentionedOf, recordUnderPseudonyms, type Mentioned } from "./erase-mentions.ts";
import type { SyncEffects } from "./types.ts";

/** How far records stand under pseudonyms for their age. */
export interface AgedState {
  /** Days before this one. */
  readonly before: DayNumber;
  /** Leaves of the log when that was finished: what was recorded later may name people again. */
  readonly size: number;
  readonly atMs: number;
}

/** A day of a report of an organization. */
export interface AgedDay {
  readonly stream: Stream;
  readonly organizationId: string;
  readonly day: DayNumber;
}

const SETTING = "retention.aged";

/** Null: nothing was ever swapped for its age. */
export async function agedState(tx: Tx, scope: Pick<Scope, "tenantId">): Promise<AgedState | null> {
  const kept = await getSetting(tx, scope, SETTING);
  return kept === null ? null : (JSON.parse(kept) as AgedState);
}

/** Notes that all of these days are done, as the log stands now. */
export async function keepAgedState(
  tx: WriteTx,
  scope: Scope,
  { before, atMs }: Pick<AgedState, "before" | "atMs">,
): Promise<void> {
  const size = (await logState(tx, scope))?.size ?? 0;
  await setSetting(tx, scope, SETTING, JSON.stringify({ before, size, atMs }));
}

/** The days before this one that may name people still, oldest first. Lists have no days, and stay as they are. */
export async function daysToAge(
  tx: Tx,
  scope: Scope,
  streams: readonly Stream[],
  before: DayNumber,
): Promise<AgedDay[]> {
  const state = await agedState(tx, scope);
  // Without leaves of the log that was counted, as after a restore or in a new log, all are looked at again.
  const isCounted = state !== null && ((await logState(tx, scope))?.size ?? 0) >= state.size;
  const { before: from, size: since } = isCounted ? state : { before: 0, size: 0 };
  const found: AgedDay[] = [];
  for (const stream of streams.filter(({ shape }) => shape.kind === "report")) {
    for (const at of await daysOfVersions(tx, scope, stream.name, { from, to: before, since })) {
      found.push({ stream, ...at });
    }
  }
  return found.toSorted((a, b) => a.day - b.day);
}

/** The records of a day that name people. Keys of an API are nobody, whatever they are called. */
export async function recordsToAge(
  tx: Tx,
  scope: Scope,
  { stream, organizationId, day }: AgedDay,
  identities: AgedIdentities,
): Promise<Mentioned[]> {
  const found = await mentionedOf(tx, scope, stream, identities, { organizationId, from: day, to: day + 1 });
  return found.filter(({ versions }) => !isOfKey(JSON.parse(versions[0]!.nk) as Json[]));
}

/**
 * Puts a day under pseudonyms: payloads that name people are erased, and recorded again as the same versions.
 *
 * In a transaction of the tenant's only writer; a checkpoint must be published afterwards.
 *
 * @returns versions of records
 */
export async function ageDay(
  tx: WriteTx,
  effects: Pick<SyncEffects, "clock" | "random"> & { readonly scope: Scope },
  at: AgedDay,
  identities: AgedIdentities,
): Promise<number> {
  const mentioned = await recordsToAge(tx, effects.scope, at, identities);
  return recordUnderPseudonyms(tx, effects, identities, { mentioned, others: [], reason: "retention", subjects: [] });
}

/** Erases what logs that ended say of people on days before this one. @returns leaves */
export async function ageClosedLogs(
  tx: WriteTx,
  scope: Scope,
  before: DayNumber,
  identities: AgedIdentities,
): Promise<number> {
  const end = (await logState(tx, scope))?.size ?? 0;
  const first = dayText(before);
  return eraseClosedContents(tx, scope, end, (payload) => {
    const told = JSON.parse(payload) as Json;
    if (!isJsonObject(told) || !Array.isArray(told["key"])) return false;
    const key: readonly Json[] = told["key"];
    const day = told["day"] ?? key[1];
    const isOld = typeof day === "string" && /^\d{4}-\d\d-\d\d/.test(day) && day.slice(0, 10) < first;
    return isOld && !isOfKey(key) && identities.json(told) !== told;
  });
}

function isOfKey(key: readonly Json[]): boolean {
  return key.includes("api_actor");
}
