import { blobOf, intOf, oneOf, textOf } from "./decode.ts";
import { dimValues } from "./dims.ts";
import { nkHash, ORGANIZATION, STREAM } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { DayNumber, Scope, Tx } from "./types.ts";

/** One row of `record_versions` as it stands, for holding it against the leaf that it names. */
export interface VersionRow {
  /** Null for a code that stands for nothing: no answer shows such a row. */
  readonly stream: string | null;
  readonly organizationId: string | null;
  readonly day: DayNumber | null;
  readonly nk: string;
  /** Whether the row stands under the hash of its own key: under another it would never be found. */
  readonly isUnderItsKey: boolean;
  readonly id: string;
  readonly ver: number;
  readonly leafIndex: number;
  readonly atMs: number;
  readonly state: "rec" | "gone";
  readonly dataSha256: string;
  readonly conflicted: boolean;
}

const NO_DAY = -1;

/** Every version row of the tenant. */
export async function* versionRows(tx: Tx, scope: Scope): AsyncGenerator<VersionRow> {
  const streams = await dimValues(tx, scope, STREAM);
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  const rows = sessionOf(tx).iterate(
    `select stream, organization_id, day, nk_hash, ver, nk, record_id, leaf_index, at_ms, state, data_sha256, conflicted
     from record_versions
     where tenant_id = ?`,
    [scope.tenantId],
  );
  for await (const row of rows) {
    const nk = textOf(row, "nk");
    const day = intOf(row, "day");
    yield {
      stream: streams.get(intOf(row, "stream")) ?? null,
      organizationId: organizations.get(intOf(row, "organization_id")) ?? null,
      day: day === NO_DAY ? null : day,
      nk,
      isUnderItsKey: blobOf(row, "nk_hash").equals(nkHash(nk)),
      id: textOf(row, "record_id"),
      ver: intOf(row, "ver"),
      leafIndex: intOf(row, "leaf_index"),
      atMs: intOf(row, "at_ms"),
      state: oneOf(row, "state", ["rec", "gone"]),
      dataSha256: textOf(row, "data_sha256"),
      conflicted: intOf(row, "conflicted") === 1,
    };
  }
}

/** Rows of a table that belong to an organization nobody knows: no answer shows them, and no rebuild touches them. */
export async function countStrayRows(tx: Tx, scope: Scope, table: string): Promise<number> {
  const row = await sessionOf(tx).first(
    `select count(*) as n
     from ${table}
     where tenant_id = ?
       and organization_id not in (select code from dims where tenant_id = ? and dim = ?)`,
    [scope.tenantId, scope.tenantId, ORGANIZATION],
  );
  return intOf(row!, "n");
}

/** Streams of which coverage is kept, by organization. */
export async function coveredStreams(
  tx: Tx,
  scope: Scope,
): Promise<{ readonly organizationId: string; readonly stream: string }[]> {
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  const sql = "select distinct organization_id, stream from coverage where tenant_id = ?";
  return (await sessionOf(tx).all(sql, [scope.tenantId])).flatMap((row) => {
    const organizationId = organizations.get(intOf(row, "organization_id"));
    return organizationId === undefined ? [] : [{ organizationId, stream: textOf(row, "stream") }];
  });
}
