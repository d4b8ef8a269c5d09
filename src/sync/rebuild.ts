import type { DayNumber, Json, JsonObject, Row, Scope } from "../domain/index.ts";
import type { Stream } from "../source/index.ts";
import {
  clearActiveDays,
  clearFacts,
  listOrganizations,
  markRebuilt,
  replaceRecordRows,
  storedVersions,
  type Store,
  type StoredVersion,
  type WriteTx,
} from "../store/index.ts";
import { activeRules } from "./active-rules.ts";
import { stateDigest } from "./digest.ts";
import { rowsOf } from "./project.ts";
import { refreshDays } from "./refresh-days.ts";

const BATCH = 2_000;

export interface RebuildReport {
  readonly records: number;
  readonly rows: number;
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** What stood in rows, roll-ups or active days was not what the records say; now it is. */
  readonly mended: boolean;
}

/** Builds every row, roll-up and active day anew from the records, each stream in one transaction. */
export async function rebuildRows(
  store: Store,
  scope: Scope,
  streams: readonly Stream[],
  onProgress: (stream: string, records: number) => void = () => {},
): Promise<RebuildReport> {
  const digestBefore = await stateDigest(store, scope, streams);
  let records = 0;
  let rows = 0;
  for (const stream of streams) {
    await store.write(async (tx) => {
      for (const table of stream.tables) {
        await clearFacts(tx, scope, table);
        if (activeRules(table) !== null) await clearActiveDays(tx, scope);
        await markRebuilt(tx, scope, table.name);
      }
      for (const organizationId of await listOrganizations(tx, scope)) {
        const built = await rebuildStream(tx, scope, stream, organizationId);
        records += built.records;
        rows += built.rows;
      }
    });
    onProgress(stream.name, records);
  }
  const digestAfter = await stateDigest(store, scope, streams);
  return { records, rows, digestBefore, digestAfter, mended: digestBefore !== digestAfter };
}

async function rebuildStream(
  tx: WriteTx,
  scope: Scope,
  stream: Stream,
  organizationId: string,
): Promise<{ records: number; rows: number }> {
  const days = new Set<DayNumber>();
  let records = 0;
  let rows = 0;
  let batch: Row[] = [];
  const flush = async (): Promise<void> => {
    await replaceRecordRows(tx, scope, { deletes: [], inserts: batch });
    rows += batch.length;
    batch = [];
  };
  for await (const version of storedVersions(tx, scope, { stream: stream.name, organizationId, currentOnly: true })) {
    batch.push(...projectVersion(stream, version));
    records += 1;
    if (version.day !== null) days.add(version.day);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  await refreshDays(tx, scope, stream, organizationId, days);
  return { records, rows };
}

/** The rows of a stored version: none when it is gone, conflicted or erased. Also what an as-of answer projects. */
export function projectVersion(stream: Stream, version: StoredVersion): Row[] {
  if (version.state === "gone" || version.conflicted || version.payload === null) return [];
  const { key, data } = JSON.parse(version.payload) as { key: Json[]; data: JsonObject };
  return rowsOf(stream, version.organizationId, { key, day: version.day, data }, []);
}
