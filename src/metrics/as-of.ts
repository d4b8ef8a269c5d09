import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DAY_MS, Failure, isJsonObject } from "../domain/index.ts";
import type { DayNumber, Json, JsonObject, Row, Scope, Span } from "../domain/index.ts";
import { claudeCodeActiveDays, streams } from "../source/index.ts";
import type { Stream } from "../source/index.ts";
import {
  coverageOf,
  ensureTenant,
  listActorOwners,
  listOrganizations,
  listPeople,
  loadPeople,
  openStore,
  refreshActiveDays,
  refreshRollups,
  replaceRecordRows,
  setActorOwner,
  setCoverage,
  storedVersions,
} from "../store/index.ts";
import type { CoverageRow, Store, StoredVersion, Tx, WriteTx } from "../store/index.ts";
import { Rereads } from "./rereads.ts";

/** Most record versions that an as-of question projects again. */
export const MOST_VERSIONS = 2_000_000;

const BATCH = 2_000;

/** What a question will read, so that no more than that is projected. */
export interface PastNeeds {
  readonly tables: readonly string[];
  /** Days, or null for all of them. */
  readonly span: Span | null;
}

/**
 * Projects the records as they stood at the end of a UTC day into a store of its own, asks it, and throws it away.
 *
 * Roll-ups of today are of no use here: they hold what was learnt later. It may take seconds; run it beside the event
 * loop. People, teams and owners are copied as they are today.
 *
 * @throws Failure `input.invalid` above `MOST_VERSIONS`.
 */
export async function withStoreAsOf<T>(
  store: Store,
  scope: Scope,
  day: DayNumber,
  needs: PastNeeds,
  ask: (past: Store, scope: Scope, rereads: Rereads) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-as-of-"));
  try {
    const past = await openStore({ dataDir: folder, tables: streams.flatMap((stream) => stream.tables) });
    try {
      const rereads = new Rereads();
      const pastScope = await past.write(async (into) => {
        const { tenantId } = await ensureTenant(into, scope.tenant, 0);
        const own = { ...scope, tenantId };
        await store.read((from) => project(from, scope, into, own, needs, (day + 1) * DAY_MS, rereads));
        return own;
      });
      return await ask(past, pastScope, rereads);
    } finally {
      await past.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function project(
  from: Tx,
  scope: Scope,
  into: WriteTx,
  own: Scope,
  needs: PastNeeds,
  asOfMs: number,
  rereads: Rereads,
): Promise<void> {
  let versions = 0;
  const isRead = (stream: Stream) =>
    stream.shape.kind === "list" || stream.tables.some((table) => needs.tables.includes(table.name));
  for (const stream of streams.filter(isRead)) {
    const days = stream.shape.kind === "report" && needs.span ? needs.span : {};
    const seen = new Seen();
    let rows: Row[] = [];
    const flush = async () => {
      await replaceRecordRows(into, own, { deletes: [], inserts: rows });
      rows = [];
    };
    for await (const version of storedVersions(from, scope, {
      stream: stream.name,
      ...days,
      asOfMs,
      currentOnly: true,
    })) {
      if (++versions > MOST_VERSIONS) refuseSize();
      seen.note(version);
      rows.push(...rowsOf(stream, version));
      if (rows.length >= BATCH) await flush();
    }
    await flush();
    await finish(from, scope, into, own, stream, seen, asOfMs, rereads);
  }
  await loadPeople(into, own, await listPeople(from, scope));
  for (const owner of await listActorOwners(from, scope)) await setActorOwner(into, own, owner);
}

/** Days of each organization that had been read by then, and when they last changed. */
class Seen {
  readonly byOrganization = new Map<string, Map<DayNumber, number>>();

  note({ organizationId, day, atMs }: StoredVersion): void {
    const days = this.byOrganization.get(organizationId) ?? new Map<DayNumber, number>();
    this.byOrganization.set(organizationId, days);
    days.set(day ?? LIST_DAY, Math.max(atMs, days.get(day ?? LIST_DAY) ?? 0));
  }
}

const LIST_DAY = 0;

/** What stands in a payload is our own canonical JSON. A conflicted record has no row, nor has a vanished one. */
function rowsOf(stream: Stream, { state, conflicted, payload, organizationId, day }: StoredVersion): Row[] {
  if (state === "gone" || conflicted || payload === null) return [];
  const { key, data } = JSON.parse(payload) as { key: Json[]; data: JsonObject };
  return isJsonObject(data) ? stream.rows({ organizationId, day, key, data }, () => {}) : [];
}

async function finish(
  from: Tx,
  scope: Scope,
  into: WriteTx,
  own: Scope,
  stream: Stream,
  seen: Seen,
  asOfMs: number,
  rereads: Rereads,
): Promise<void> {
  for (const organizationId of await listOrganizations(from, scope)) {
    const changed = seen.byOrganization.get(organizationId) ?? new Map<DayNumber, number>();
    if (stream.shape.kind === "report") {
      for (const table of stream.tables) await refreshRollups(into, own, table, organizationId, changed.keys());
      if (stream.tables.includes(claudeCodeActiveDays.table)) {
        await refreshActiveDays(into, own, claudeCodeActiveDays, organizationId, changed.keys());
      }
    }
    const coverage = await coverageOf(from, scope, organizationId, stream.name);
    rereads.note(organizationId, stream.name, coverage, changed.size > 0, asOfMs);
    const past = coverage.flatMap((row) => pastCoverage(row, changed.get(row.day), asOfMs));
    if (past.length > 0) await setCoverage(into, own, organizationId, stream.name, past);
  }
}

/**
 * Coverage as it was: only its newest state is kept, so for a day that was read again since, the last version from
 * before then tells when it had been read. A day of which nothing was known by then is not covered, though it may have
 * been read; the answer says so of the days in `Rereads`. The log's fetch leaves would tell, but finding them is to read
 * every leaf.
 */
function pastCoverage(row: CoverageRow, changedMs: number | undefined, asOfMs: number): CoverageRow[] {
  if (row.readAtMs < asOfMs) return [row];
  return changedMs === undefined ? [] : [{ ...row, readAtMs: changedMs, refreshedAtMs: null }];
}

function refuseSize(): never {
  throw new Failure("input.invalid", {
    field: "as-of",
    problem: `the record holds more than ${MOST_VERSIONS} versions up to that day`,
    remedy: "Ask without --as-of, or restore a backup of that day and ask it.",
  });
}
