import { hash } from "node:crypto";

import type { SqlRow, SqlValue } from "./connection.ts";
import { dayRuns, intOf, oneOf, textOf, textOrNull } from "./decode.ts";
import { codeOf, dimValues, findCode } from "./dims.ts";
import { sessionOf } from "./session.ts";
import type { CurrentRecord, DayNumber, NewVersion, RecordRef, Scope, StoredVersion, Tx, WriteTx } from "./types.ts";

/** Dims that records share with the fact tables. */
export const STREAM = "stream";
export const ORGANIZATION = "organization";

/** Stands for "no day" in `record_versions`: lists. */
const NO_DAY = -1;

/**
 * The last version of each record of these days (null: of all days; lists have only that), the vanished included.
 */
export async function currentRecords(
  tx: Tx,
  scope: Scope,
  stream: string,
  organizationId: string,
  days: readonly DayNumber[] | null,
): Promise<Map<string, CurrentRecord>> {
  if (days?.length === 0) return new Map();
  const place = await placeOf(tx, scope, stream, organizationId);
  if (!place) return new Map();
  const records = new Map<string, CurrentRecord>();
  for (const { from, to } of days === null ? [{ from: NO_DAY, to: Number.MAX_SAFE_INTEGER }] : dayRuns(days)) {
    const rows = await sessionOf(tx).all(
      `select ${COLUMNS}
       from record_versions v
       where v.tenant_id = ? and v.stream = ? and v.organization_id = ? and v.day >= ? and v.day < ?
       order by v.day, v.nk_hash, v.ver`,
      [...place, from, to],
    );
    // A later version of the same record takes the place of the earlier one.
    for (const row of rows) records.set(textOf(row, "nk"), currentRecord(row));
  }
  return records;
}

/** As `currentRecords`, for just these records. */
export async function currentByKeys(
  tx: Tx,
  scope: Scope,
  stream: string,
  organizationId: string,
  records: readonly RecordRef[],
): Promise<Map<string, CurrentRecord>> {
  const place = await placeOf(tx, scope, stream, organizationId);
  const found = new Map<string, CurrentRecord>();
  if (!place) return found;
  for (const { day, nk } of records) {
    const row = await sessionOf(tx).first(
      `select ${COLUMNS}
       from record_versions v
       where v.tenant_id = ? and v.stream = ? and v.organization_id = ? and v.day = ? and v.nk_hash = ?
       order by v.ver desc
       limit 1`,
      [...place, day ?? NO_DAY, nkHash(nk)],
    );
    if (row) found.set(nk, currentRecord(row));
  }
  return found;
}

/** Adds versions; each says its own number, one more than the record had. */
export async function appendVersions(
  tx: WriteTx,
  scope: Scope,
  stream: string,
  organizationId: string,
  versions: readonly NewVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const streamCode = await codeOf(tx, scope, STREAM, stream);
  const organizationCode = await codeOf(tx, scope, ORGANIZATION, organizationId);
  const rows = versions.map((version) => [
    scope.tenantId,
    streamCode,
    organizationCode,
    version.day ?? NO_DAY,
    nkHash(version.nk),
    version.ver,
    version.nk,
    version.id,
    version.leafIndex,
    version.atMs,
    version.state,
    version.dataSha256,
    version.conflicted ? 1 : 0,
  ]);
  await sessionOf(tx).insertRows("record_versions", VERSION_COLUMNS, rows);
}

export interface VersionQuery {
  readonly stream: string;
  readonly organizationId?: string;
  /** Half-open span of days. */
  readonly from?: DayNumber;
  readonly to?: DayNumber;
  /** Only versions from before this instant. */
  readonly asOfMs?: number;
  /** Only the last version of each record (as of that instant), the vanished included. */
  readonly currentOnly: boolean;
}

/** Versions with their payloads, record by record, by organization and day; the versions of a record in order. */
export async function* storedVersions(tx: Tx, scope: Scope, query: VersionQuery): AsyncGenerator<StoredVersion> {
  const stream = await findCode(tx, scope, STREAM, query.stream);
  if (stream === null) return;
  const conditions = ["tenant_id = ?", "stream = ?"];
  const params: SqlValue[] = [scope.tenantId, stream];
  const where = (condition: string, value: SqlValue) => {
    conditions.push(condition);
    params.push(value);
  };
  if (query.organizationId !== undefined) {
    const organization = await findCode(tx, scope, ORGANIZATION, query.organizationId);
    if (organization === null) return;
    where("organization_id = ?", organization);
  }
  if (query.from !== undefined) where("day >= ?", query.from);
  if (query.to !== undefined) where("day < ?", query.to);
  if (query.asOfMs !== undefined) where("at_ms < ?", query.asOfMs);
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  // A window in the key's own order, and not "where no later one exists": PostgreSQL without fresh statistics
  // compares every version with every other for that.
  const rows = sessionOf(tx).iterate(
    `select ${VERSION_AND_PAYLOAD}
     from (
       select *, ${query.currentOnly ? "lead(ver) over (partition by organization_id, day, nk_hash order by ver)" : "null"} as later
       from record_versions
       where ${conditions.join(" and ")}
     ) v
     join leaves l on l.tenant_id = v.tenant_id and l.leaf_index = v.leaf_index
     ${query.currentOnly ? "where v.later is null" : ""}
     order by v.organization_id, v.day, v.nk_hash, v.ver`,
    params,
  );
  for await (const row of rows) {
    yield storedVersion(row, query.stream, organizations.get(intOf(row, "organization_id"))!);
  }
}

/** Days before `to`, by organization, with versions that are of `from` or later, or were recorded at leaf `since` or later. */
export async function daysOfVersions(
  tx: Tx,
  scope: Scope,
  stream: string,
  { from, to, since }: { readonly from: DayNumber; readonly to: DayNumber; readonly since: number },
): Promise<{ readonly organizationId: string; readonly day: DayNumber }[]> {
  const code = await findCode(tx, scope, STREAM, stream);
  if (code === null) return [];
  const rows = await sessionOf(tx).all(
    `select distinct organization_id, day
     from record_versions
     where tenant_id = ? and stream = ? and day > ? and day < ? and (day >= ? or leaf_index >= ?)
     order by organization_id, day`,
    [scope.tenantId, code, NO_DAY, to, from, since],
  );
  if (rows.length === 0) return [];
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  return rows.map((row) => ({
    organizationId: organizations.get(intOf(row, "organization_id"))!,
    day: intOf(row, "day"),
  }));
}

/**
 * Records of these days of which the last version is conflicted, with their payloads, by organization and day.
 */
export async function conflictedRecords(
  tx: Tx,
  scope: Scope,
  query: { readonly stream: string; readonly from: DayNumber; readonly to: DayNumber },
): Promise<StoredVersion[]> {
  const session = sessionOf(tx);
  const stream = await findCode(tx, scope, STREAM, query.stream);
  if (stream === null) return [];
  // SQLite keeps no statistics here and would read every version by the primary key.
  const hint = session.engine === "sqlite" ? "indexed by record_versions_conflicted" : "";
  const rows = await session.all(
    `select ${VERSION_AND_PAYLOAD}
     from record_versions v ${hint}
     join leaves l on l.tenant_id = v.tenant_id and l.leaf_index = v.leaf_index
     where v.tenant_id = ? and v.stream = ? and v.day >= ? and v.day < ? and v.conflicted = 1 and v.state = 'rec'
       and v.ver = (
         select max(w.ver)
         from record_versions w
         where w.tenant_id = v.tenant_id and w.stream = v.stream and w.organization_id = v.organization_id
           and w.day = v.day and w.nk_hash = v.nk_hash
       )
     order by v.organization_id, v.day, v.nk_hash`,
    [scope.tenantId, stream, query.from, query.to],
  );
  if (rows.length === 0) return [];
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  return rows.map((row) => storedVersion(row, query.stream, organizations.get(intOf(row, "organization_id"))!));
}

/** All versions of one record, the first one first. */
export async function versionsOf(
  tx: Tx,
  scope: Scope,
  stream: string,
  organizationId: string,
  { day, nk }: RecordRef,
): Promise<StoredVersion[]> {
  const place = await placeOf(tx, scope, stream, organizationId);
  if (!place) return [];
  const rows = await sessionOf(tx).all(
    `select ${COLUMNS}, v.at_ms, l.payload
     from record_versions v
     join leaves l on l.tenant_id = v.tenant_id and l.leaf_index = v.leaf_index
     where v.tenant_id = ? and v.stream = ? and v.organization_id = ? and v.day = ? and v.nk_hash = ?
     order by v.ver`,
    [...place, day ?? NO_DAY, nkHash(nk)],
  );
  return rows.map((row) => storedVersion(row, stream, organizationId));
}

const COLUMNS = "v.nk, v.day, v.record_id, v.ver, v.leaf_index, v.state, v.data_sha256, v.conflicted";

/** What `storedVersion` reads, of `record_versions v` and its `leaves l`. */
export const VERSION_AND_PAYLOAD = `${COLUMNS}, v.organization_id, v.at_ms, l.payload`;

/** What names one version of one record. */
export const VERSION_KEY = [
  { name: "tenant_id", type: "int" },
  { name: "stream", type: "int" },
  { name: "organization_id", type: "int" },
  { name: "day", type: "int" },
  { name: "nk_hash", type: "blob" },
  { name: "ver", type: "int" },
] as const;

const VERSION_COLUMNS = [
  ...VERSION_KEY,
  { name: "nk", type: "text" },
  { name: "record_id", type: "text" },
  { name: "leaf_index", type: "int" },
  { name: "at_ms", type: "int" },
  { name: "state", type: "text" },
  { name: "data_sha256", type: "text" },
  { name: "conflicted", type: "int" },
] as const;

/** Half of SHA-256 names a key within a day of a stream: no two keys of one source will ever share it. */
export function nkHash(nk: string): Buffer {
  // "binary" text is the quickest way out of node's hash.
  return Buffer.from(hash("sha256", nk, "binary"), "latin1").subarray(0, 16);
}

async function placeOf(tx: Tx, scope: Scope, stream: string, organizationId: string): Promise<number[] | null> {
  const streamCode = await findCode(tx, scope, STREAM, stream);
  const organizationCode = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (streamCode === null || organizationCode === null) return null;
  return [scope.tenantId, streamCode, organizationCode];
}

function currentRecord(row: SqlRow): CurrentRecord {
  const day = intOf(row, "day");
  return {
    nk: textOf(row, "nk"),
    day: day === NO_DAY ? null : day,
    id: textOf(row, "record_id"),
    ver: intOf(row, "ver"),
    leafIndex: intOf(row, "leaf_index"),
    state: oneOf(row, "state", ["rec", "gone"]),
    dataSha256: textOf(row, "data_sha256"),
    conflicted: intOf(row, "conflicted") === 1,
  };
}

export function storedVersion(row: SqlRow, stream: string, organizationId: string): StoredVersion {
  return {
    ...currentRecord(row),
    atMs: intOf(row, "at_ms"),
    stream,
    organizationId,
    payload: textOrNull(row, "payload"),
  };
}
