import { setImmediate } from "node:timers/promises";

import type { Json, JsonObject, Row, Scope } from "../domain/index.ts";
import { canonicalJson, NEVER_ERASED, parseLeaf, sha256Hex } from "../ledger/index.ts";
import type { Stream } from "../source/index.ts";
import {
  appendLeaves,
  appendVersions,
  currentByKeys,
  eraseContents,
  logState,
  readLeaves,
  replaceRecordRows,
  storedVersions,
  type NewVersion,
  type RecordRows,
  type StoredVersion,
  type Tx,
  type VersionQuery,
  type WriteTx,
} from "../store/index.ts";
import { LogAppender, newIds } from "./log.ts";
import { projectVersion } from "./rebuild.ts";
import { refreshDays } from "./refresh-days.ts";
import type { SyncEffects } from "./types.ts";
import { dayMember } from "./version-of.ts";

/** Indexes in the payload of one `erase` leaf. */
const LEAVES_A_LEAF = 10_000;
/** After so many whoever else wants an answer gets one: all of a ledger is looked at. */
const LEAVES_A_READ = 4_096;

/** Puts pseudonyms in the place of identifiers; gives the same value when it names nobody. */
export interface Swapper {
  json<T extends Json>(value: T): T;
  /** A quick look at a JSON text: false when it surely names nobody. */
  mayName(text: string): boolean;
}

export interface ErasedMentions {
  /** Leaves whose payload and salt are gone. */
  readonly leaves: number;
  /** Versions of records that stand under pseudonyms now, by stream. */
  readonly versions: ReadonlyMap<string, number>;
  /** Leaves that are no version of a record, by kind: `fetch`, `audit`, … */
  readonly others: ReadonlyMap<string, number>;
}

/**
 * Erases every payload that names somebody who is listed, and records what it told again under their pseudonyms: as the
 * same versions, believed since the same instants, so that every total stays what it is, also as of a day gone by.
 *
 * A record whose natural key names the person begins anew under another id, and the map from the old key to the old id
 * goes. Of another record the versions from the first that names the person on are recorded again under its id.
 *
 * In the caller's transaction, which must be the tenant's only writer's and be followed by a checkpoint: under an older
 * tree the content would seem to be lost. Nothing is appended when nobody is named.
 */
export async function eraseMentions(
  tx: WriteTx,
  { scope, streams, clock, random }: Pick<SyncEffects, "streams" | "clock" | "random"> & { readonly scope: Scope },
  suppressor: Swapper,
  facts: { readonly reason: string; readonly subjects: readonly string[] },
): Promise<ErasedMentions> {
  const mentioned: Mentioned[] = [];
  for (const stream of streams) mentioned.push(...(await mentionedOf(tx, scope, stream, suppressor)));
  const ofRecords = new Set(mentioned.flatMap(({ versions }) => versions.map(({ leafIndex }) => leafIndex)));
  const others = await otherLeaves(tx, scope, suppressor, ofRecords);
  const versions = new Map<string, number>();
  for (const one of mentioned) {
    versions.set(one.stream.name, (versions.get(one.stream.name) ?? 0) + one.versions.length);
  }
  const leaves = await recordUnderPseudonyms(tx, { scope, clock, random }, suppressor, {
    mentioned,
    others: [...others.keys()],
    ...facts,
  });
  const kinds = [...others.values()];
  return {
    leaves,
    versions,
    others: new Map([...Map.groupBy(kinds, (kind) => kind)].map(([kind, found]) => [kind, found.length])),
  };
}

/**
 * Erases these versions of records, and these other leaves, and records the versions again as the swapper has them.
 *
 * @returns how many leaves were erased
 */
export async function recordUnderPseudonyms(
  tx: WriteTx,
  { scope, clock, random }: Pick<SyncEffects, "clock" | "random"> & { readonly scope: Scope },
  swapper: Swapper,
  {
    mentioned,
    others,
    reason,
    subjects,
  }: {
    readonly mentioned: readonly Mentioned[];
    readonly others: readonly number[];
    readonly reason: string;
    readonly subjects: readonly string[];
  },
): Promise<number> {
  const ofRecords = mentioned.flatMap(({ versions }) => versions.map(({ leafIndex }) => leafIndex));
  const indexes = [...ofRecords, ...others].toSorted((a, b) => a - b);
  if (indexes.length === 0) return 0;
  const log = new LogAppender((await logState(tx, scope))!, clock.now(), random);
  const chunks = Array.from({ length: Math.ceil(indexes.length / LEAVES_A_LEAF) }, (_, i) =>
    indexes.slice(i * LEAVES_A_LEAF, (i + 1) * LEAVES_A_LEAF),
  );
  const erasers = chunks.map((leaves) => {
    const payload = canonicalJson({ by: scope.principal, leaves, reason, subjects });
    return { leaves, by: log.add({ t: "erase", s: "app", payload }) };
  });
  // Away first: a version under the same key must not meet the one that it stands for.
  const anew = await recordAnew(tx, scope, mentioned, { log, swapper, ids: newIds(random, mentioned.length) });
  await appendLeaves(tx, scope, log.finish(), log.atMs);
  for (const chunk of erasers) await eraseContents(tx, scope, chunk);
  await putAnew(tx, scope, mentioned, anew);
  return indexes.length;
}

/** The versions of one record from the first that names somebody on. */
export interface Mentioned {
  readonly stream: Stream;
  readonly organizationId: string;
  readonly versions: readonly StoredVersion[];
}

/** The records of a stream, of these days only if any are given, that name somebody. */
export async function mentionedOf(
  tx: Tx,
  scope: Scope,
  stream: Stream,
  swapper: Swapper,
  place: Pick<VersionQuery, "organizationId" | "from" | "to"> = {},
): Promise<Mentioned[]> {
  const found: Mentioned[] = [];
  let versions: StoredVersion[] = [];
  let looked = 0;
  const end = (): void => {
    // Where content is lost, the key that is kept beside it still tells whose it was.
    const first = versions.findIndex(({ payload, nk }) => names(payload ?? nk, swapper));
    const [{ organizationId } = { organizationId: "" }] = versions;
    if (first >= 0) found.push({ stream, organizationId, versions: versions.slice(first) });
    versions = [];
  };
  for await (const version of storedVersions(tx, scope, { stream: stream.name, currentOnly: false, ...place })) {
    if (versions[0] !== undefined && versions[0].id !== version.id) end();
    versions.push(version);
    if (++looked % LEAVES_A_READ === 0) await setImmediate();
  }
  end();
  return found;
}

function names(payload: string, swapper: Swapper): boolean {
  if (!swapper.mayName(payload)) return false;
  const told = JSON.parse(payload) as Json;
  return swapper.json(told) !== told;
}

/** Every other leaf that names somebody, with its kind. */
async function otherLeaves(
  tx: Tx,
  scope: Scope,
  swapper: Swapper,
  known: ReadonlySet<number>,
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const size = (await logState(tx, scope))?.size ?? 0;
  for (let from = 0; from < size; from += LEAVES_A_READ) {
    for (const { index, leaf, payload } of await readLeaves(tx, scope, from, from + LEAVES_A_READ)) {
      if (payload === null || known.has(index) || !names(payload, swapper)) continue;
      const { t } = parseLeaf(leaf);
      if (!NEVER_ERASED.has(t)) found.set(index, t);
    }
    await setImmediate();
  }
  return found;
}

interface Payload {
  readonly key: readonly Json[];
  readonly data?: Json;
  readonly obs: Json;
  readonly imported?: Json;
  readonly rerecorded?: Json;
}

/** Leaves for the versions as they stand from now on, one list for each record; none where the key is taken already. */
async function recordAnew(
  tx: WriteTx,
  scope: Scope,
  mentioned: readonly Mentioned[],
  { log, swapper, ids }: { log: LogAppender; swapper: Swapper; ids: readonly string[] },
): Promise<NewVersion[][]> {
  const anew: NewVersion[][] = [];
  for (const [at, { stream, organizationId, versions }] of mentioned.entries()) {
    const last = versions.at(-1)!;
    const key = swapper.json(JSON.parse(last.nk) as Json[]);
    const nk = canonicalJson(key);
    const isSameKey = nk === last.nk;
    const taken = isSameKey ? [] : await currentByKeys(tx, scope, stream.name, organizationId, [{ day: last.day, nk }]);
    // Read again under its pseudonym already, between a restore and this.
    if ([...taken].length > 0) {
      anew.push([]);
      continue;
    }
    const id = isSameKey ? last.id : ids[at]!;
    let before = isSameKey ? { ver: last.ver, leafIndex: last.leafIndex } : null;
    const chain: NewVersion[] = [];
    for (const version of versions) {
      if (version.payload === null) continue;
      const { data, ...told } = JSON.parse(version.payload) as Payload;
      const swapped = data === undefined ? undefined : swappedData(data, swapper);
      const since = told.imported ??
        told.rerecorded ?? { at: new Date(version.atMs).toISOString(), leaf: version.leafIndex };
      const day = dayMember(stream, key, version.day);
      const payload =
        (swapped === undefined ? "{" : `{"data":${canonicalJson(swapped)},`) +
        `${day}"key":${nk},"obs":${canonicalJson(told.obs)},"rerecorded":${canonicalJson(since)}}`;
      const ver: number = (before?.ver ?? 0) + 1;
      const leafIndex = log.add({
        t: version.state,
        s: stream.name,
        payload,
        of: { id, ver, prev: before?.leafIndex ?? null },
      });
      before = { ver, leafIndex };
      const dataSha256: string =
        swapped === undefined ? (chain.at(-1)?.dataSha256 ?? "") : sha256Hex(canonicalJson(swapped));
      chain.push({ ...version, nk, id, ver, leafIndex, dataSha256 });
    }
    anew.push(chain);
  }
  return anew;
}

/** Rows that share a key stand in a list, in the order of their text. */
function swappedData(data: Json, swapper: Swapper): Json {
  const swapped = swapper.json(data);
  if (!Array.isArray(swapped)) return swapped;
  const texts: string[] = (swapped as readonly Json[]).map(canonicalJson).toSorted();
  return texts.map((text) => JSON.parse(text) as Json);
}

/** Versions, rows, roll-ups and active days of what was recorded anew take the place of what was erased. */
async function putAnew(
  tx: WriteTx,
  scope: Scope,
  mentioned: readonly Mentioned[],
  anew: readonly NewVersion[][],
): Promise<void> {
  const places = Map.groupBy(
    mentioned.keys(),
    (at) => `${mentioned[at]!.stream.name} ${mentioned[at]!.organizationId}`,
  );
  for (const at of places.values()) {
    const { stream, organizationId } = mentioned[at[0]!]!;
    const chains = at.map((one) => anew[one]!);
    await appendVersions(tx, scope, stream.name, organizationId, chains.flat());
    const deletes: RecordRows[] = at.flatMap((one) => projectVersion(stream, mentioned[one]!.versions.at(-1)!));
    const keys = chains.flatMap((chain) => chain.slice(-1));
    const inserts: Row[] = [];
    for (const version of keys) inserts.push(...(await rowsNow(tx, scope, stream, organizationId, version)));
    await replaceRecordRows(tx, scope, { deletes, inserts });
    const days = at.flatMap((one) => mentioned[one]!.versions.flatMap(({ day }) => (day === null ? [] : [day])));
    await refreshDays(tx, scope, stream, organizationId, days);
  }
}

async function rowsNow(
  tx: Tx,
  scope: Scope,
  stream: Stream,
  organizationId: string,
  version: NewVersion,
): Promise<Row[]> {
  const [leaf] = await readLeaves(tx, scope, version.leafIndex, version.leafIndex + 1);
  return projectVersion(stream, { ...version, stream: stream.name, organizationId, payload: leaf!.payload });
}

/** Every text in a value, for whoever looks for what stands beside an identifier. */
export function* objectsIn(value: Json): Generator<JsonObject> {
  if (Array.isArray(value)) for (const one of value as readonly Json[]) yield* objectsIn(one);
  else if (typeof value === "object" && value !== null) {
    const object = value as JsonObject;
    yield object;
    for (const member of Object.values(object)) yield* objectsIn(member);
  }
}
