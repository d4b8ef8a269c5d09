import type { SqlRow, SqlValue } from "./connection.ts";
import { blobOf, blobOrNull, intOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

/** A version of a record that stands in a closed log, with the leaf that holds it there. */
export interface ImportedVersion {
  /** Names the row to `moveVersion`. */
  readonly place: readonly SqlValue[];
  readonly stream: string;
  readonly id: string;
  readonly ver: number;
  readonly leafIndex: number;
  readonly leaf: Buffer;
  readonly salt: Buffer | null;
  readonly payload: string | null;
}

const PLACE = ["stream", "organization_id", "day", "nk_hash", "ver"] as const;

/** Every version of the tenant's records, the versions of a record in order, with its leaf in the closed log. */
export async function* importedVersions(tx: Tx, scope: Scope, logNo: number): AsyncGenerator<ImportedVersion> {
  const rows = sessionOf(tx).iterate(
    `select ${PLACE.map((name) => `v.${name}`).join(", ")}, d.value as stream_name, v.record_id, v.leaf_index,
       l.leaf, l.salt, l.payload
     from record_versions v
     join dims d on d.tenant_id = v.tenant_id and d.dim = 'stream' and d.code = v.stream
     join closed_leaves l on l.tenant_id = v.tenant_id and l.log_no = ? and l.leaf_index = v.leaf_index
     where v.tenant_id = ?
     order by v.stream, v.organization_id, v.day, v.nk_hash, v.ver`,
    [logNo, scope.tenantId],
  );
  for await (const row of rows) yield importedVersion(row);
}

/** Says where a version stands now, or takes it away. */
export async function moveVersion(
  tx: WriteTx,
  scope: Scope,
  { place }: Pick<ImportedVersion, "place">,
  to: { readonly leafIndex: number; readonly ver: number } | null,
): Promise<void> {
  const where = `tenant_id = ? and ${PLACE.map((name) => `${name} = ?`).join(" and ")}`;
  const session = sessionOf(tx);
  if (to === null) await session.run(`delete from record_versions where ${where}`, [scope.tenantId, ...place]);
  else {
    await session.run(`update record_versions set leaf_index = ?, ver = ? where ${where}`, [
      to.leafIndex,
      to.ver,
      scope.tenantId,
      ...place,
    ]);
  }
}

function importedVersion(row: SqlRow): ImportedVersion {
  return {
    place: PLACE.map((name) => row[name] ?? null),
    stream: textOf(row, "stream_name"),
    id: textOf(row, "record_id"),
    ver: intOf(row, "ver"),
    leafIndex: intOf(row, "leaf_index"),
    leaf: blobOf(row, "leaf"),
    salt: blobOrNull(row, "salt"),
    payload: textOrNull(row, "payload"),
  };
}
