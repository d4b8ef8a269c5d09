import { VERSION_KEY } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/**
 * Destroys payload and salt of leaves that an `erase` leaf names, and the versions of records that stood in them. The
 * rows are the caller's to build anew.
 */
export async function eraseContents(
  tx: WriteTx,
  scope: Scope,
  { by, leaves }: { readonly by: number; readonly leaves: readonly number[] },
): Promise<void> {
  const session = sessionOf(tx);
  await session.wipeDeleted();
  for (const index of leaves) {
    await session.run(
      "update leaves set salt = null, payload = null, erased_by = ? where tenant_id = ? and leaf_index = ?",
      [by, scope.tenantId, index],
    );
  }
  const gone = new Set(leaves);
  const versions = await session.all(
    `select stream, organization_id, day, nk_hash, ver, leaf_index from record_versions
     where tenant_id = ? and leaf_index >= ? and leaf_index <= ?`,
    [scope.tenantId, leaves.reduce((least, one) => Math.min(least, one), by), by],
  );
  const erased = versions.filter((row) => gone.has(Number(row["leaf_index"])));
  await session.deleteRows(
    "record_versions",
    VERSION_KEY,
    erased.map((row) => [
      scope.tenantId,
      row["stream"]!,
      row["organization_id"]!,
      row["day"]!,
      row["nk_hash"]!,
      row["ver"]!,
    ]),
  );
}
