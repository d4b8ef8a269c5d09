import { Failure, ownDays, type Json, type Scope } from "../domain/index.ts";
import { commitment, leafHash, parseLeaf, type Leaf, type SourceLeaf } from "../ledger/index.ts";
import type { Stream } from "../source/index.ts";
import {
  appendLeaves,
  appendVersions,
  coverageOf,
  currentByKeys,
  eraseContents,
  forgetCoverage,
  insertLogKey,
  insertRun,
  markStale,
  setCoverage,
  type CurrentRecord,
  type LogKeyRow,
  type NewLeaf,
  type NewVersion,
  type Store,
  type WriteTx,
} from "../store/index.ts";
import { coverageAfter } from "./cover.ts";
import { CommitReader, type ToldWindow } from "./told-coverage.ts";
import { versionOf } from "./version-of.ts";

/** Leaves of one transaction, unless one commit of a sync had more. */
const BATCH = 2_000;
/** Where nothing tells one commit from the next, as in logs of earlier versions. */
const MOST = 50_000;

export interface Reappended {
  readonly leaves: number;
  readonly versions: number;
  readonly erased: number;
}

interface Told {
  readonly source: SourceLeaf;
  readonly leaf: Leaf;
}

/**
 * Appends leaves byte for byte, with their payloads and salts, and with what the ledger tells of the rest: versions of
 * records, coverage, runs, keys, erasures. Rows are marked as waiting to be built, by the caller or by the next sync.
 *
 * Each transaction leaves a sound prefix, so that a run that was cut off goes on with the next leaf.
 *
 * @param keys numbers and handovers of the keys that `key` leaves among these name, by leaf
 * @throws Failure `store.newer` for records of a stream that this version does not know, `ledger.verification`
 */
export async function reappendLeaves(
  { store, scope, streams }: { readonly store: Store; readonly scope: Scope; readonly streams: readonly Stream[] },
  leaves: AsyncIterable<SourceLeaf>,
  keys: readonly LogKeyRow[],
): Promise<Reappended> {
  const done = { leaves: 0, versions: 0, erased: 0 };
  let batch: Told[] = [];
  const flush = async (): Promise<void> => {
    const told = batch;
    batch = [];
    if (told.length === 0) return;
    await store.write(async (tx) => {
      const appended = await new Batch(tx, scope, streams, keys).append(told);
      done.leaves += told.length;
      done.versions += appended.versions;
      done.erased += appended.erased;
    });
  };
  await store.write((tx) =>
    markStale(
      tx,
      scope,
      streams.flatMap(({ tables }) => tables.map(({ name }) => name)),
    ),
  );
  for await (const source of leaves) {
    const leaf = parseLeaf(source.leaf);
    if (source.payload !== null && commitment(source.salt, source.payload) !== leaf.c) {
      throw new Failure("ledger.verification", { what: `the payload of leaf ${source.index} is another` });
    }
    const last = batch.at(-1);
    if (batch.length >= MOST || (batch.length >= BATCH && beginsAnew(leaf, last))) await flush();
    batch.push({ source, leaf });
  }
  await flush();
  return done;
}

/** Whether no commit reaches over this leaf: its fetches come first, and the last of them names the window. */
function beginsAnew(leaf: Leaf, last: Told | undefined): boolean {
  if (leaf.t === "rec" || leaf.t === "gone") return false;
  const isAmongFetches = last?.leaf.t === "fetch" && last.source.payload?.includes('"window":') !== true;
  return leaf.t !== "fetch" || !isAmongFetches;
}

/** The leaves of one transaction. */
class Batch {
  readonly #tx: WriteTx;
  readonly #scope: Scope;
  readonly #streams: ReadonlyMap<string, Stream>;
  readonly #keys: readonly LogKeyRow[];
  readonly #commits = new CommitReader();
  readonly #versions = new Map<string, { stream: string; organizationId: string; versions: NewVersion[] }>();
  /** The last version in this batch, by id. */
  readonly #last = new Map<string, NewVersion>();
  #erased = 0;

  constructor(tx: WriteTx, scope: Scope, streams: readonly Stream[], keys: readonly LogKeyRow[]) {
    this.#tx = tx;
    this.#scope = scope;
    this.#streams = new Map(streams.map((stream) => [stream.name, stream]));
    this.#keys = keys;
  }

  async append(told: readonly Told[]): Promise<{ versions: number; erased: number }> {
    await this.#appendLeaves(told);
    for (const one of told) await this.#project(one);
    const last = this.#commits.end();
    if (last !== null) await this.#cover(last);
    let versions = 0;
    for (const group of this.#versions.values()) {
      await appendVersions(this.#tx, this.#scope, group.stream, group.organizationId, group.versions);
      versions += group.versions.length;
    }
    // Last: they take away what has just been put in.
    for (const { source, leaf } of told) if (leaf.t === "erase") await this.#erase(source);
    return { versions, erased: this.#erased };
  }

  async #appendLeaves(told: readonly Told[]): Promise<void> {
    const nothing = Buffer.alloc(0);
    const leaves = told.map(({ source }): NewLeaf => ({
      index: source.index,
      leaf: Buffer.from(source.leaf),
      leafHash: leafHash(source.leaf),
      salt: source.salt === null ? nothing : Buffer.from(source.salt),
      payload: source.payload ?? "",
    }));
    await appendLeaves(this.#tx, this.#scope, leaves, Date.parse(told.at(-1)!.leaf.at));
    for (const { source } of told) {
      if (source.erasedBy === null) continue;
      await eraseContents(this.#tx, this.#scope, { by: source.erasedBy, leaves: [source.index] });
    }
  }

  async #project({ source, leaf }: Told): Promise<void> {
    const { index, payload } = source;
    const version = payload === null ? null : await this.#version(index, leaf, payload);
    const ended = this.#commits.add(leaf, payload, version?.day ?? null);
    if (ended !== null) await this.#cover(ended);
    if (payload === null) return;
    if (leaf.t === "run") await this.#run(payload);
    const key = leaf.t === "key" ? this.#keys.find(({ leafIndex }) => leafIndex === index) : undefined;
    if (key !== undefined) await insertLogKey(this.#tx, this.#scope, key);
  }

  async #version(index: number, leaf: Leaf, payload: string): Promise<NewVersion | null> {
    if (leaf.t !== "rec" && leaf.t !== "gone") return null;
    const stream = this.#streams.get(leaf.s);
    if (stream === undefined) throw new Failure("store.newer");
    const first = versionOf(stream, index, leaf, payload, this.#last.get(leaf.id) ?? null);
    const { organizationId } = first;
    const isUnknown = leaf.t === "gone" && !this.#last.has(leaf.id);
    const { version } = isUnknown
      ? versionOf(stream, index, leaf, payload, await this.#stored(leaf.s, organizationId, first.version))
      : first;
    this.#last.set(leaf.id, version);
    const place = `${leaf.s} ${organizationId}`;
    const group = this.#versions.get(place) ?? { stream: leaf.s, organizationId, versions: [] };
    this.#versions.set(place, group);
    group.versions.push(version);
    return version;
  }

  async #stored(stream: string, organizationId: string, { day, nk }: NewVersion): Promise<CurrentRecord | null> {
    const found = await currentByKeys(this.#tx, this.#scope, stream, organizationId, [{ day, nk }]);
    return found.get(nk) ?? null;
  }

  async #cover({ stream: name, window, moved }: ToldWindow): Promise<void> {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Failure("store.newer");
    const days = new Set([...ownDays(window), ...moved.keys()]);
    const rows = await coverageOf(this.#tx, this.#scope, window.organizationId, name, days);
    const before = new Map(rows.map((row) => [row.day, row]));
    const after = coverageAfter(window, stream, moved, before);
    await setCoverage(this.#tx, this.#scope, window.organizationId, name, after);
  }

  async #run(payload: string): Promise<void> {
    const report = JSON.parse(payload) as { run: string; started_at: string; ended_at: string; outcome: string } & Json;
    const [startedMs, endedMs] = [Date.parse(report.started_at), Date.parse(report.ended_at)];
    await insertRun(this.#tx, this.#scope, { runId: report.run, startedMs, endedMs, outcome: report.outcome, report });
  }

  async #erase({ index, payload }: SourceLeaf): Promise<void> {
    const { leaves, organization_id: organization } = JSON.parse(payload!) as ErasePayload;
    await eraseContents(this.#tx, this.#scope, { by: index, leaves });
    this.#erased += leaves.length;
    // A whole organization was purged: nothing of it counts as read any more.
    if (organization !== undefined) await forgetCoverage(this.#tx, this.#scope, organization);
  }
}

interface ErasePayload {
  readonly leaves: readonly number[];
  readonly organization_id?: string;
}
