import { ownLeafMark } from "../ledger/index.ts";
import { blobOf, intOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, StoredLeaf, Tx } from "./types.ts";

/** Leaves about ourselves, of this kind, the newest first: at most `limit` of those before the leaf `before`. */
export async function ownLeaves(
  tx: Tx,
  scope: Scope,
  kind: "audit" | "run",
  { before = Number.MAX_SAFE_INTEGER, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<Pick<StoredLeaf, "index" | "leaf" | "payload">[]> {
  const { at, bytes } = ownLeafMark(kind);
  const rows = await sessionOf(tx).all(
    `select leaf_index, leaf, payload
     from leaves
     where tenant_id = ? and leaf_index < ? and substr(leaf, ${at}, ${bytes.length}) = ?
     order by leaf_index desc
     limit ?`,
    [scope.tenantId, before, bytes, limit],
  );
  return rows.map((row) => ({
    index: intOf(row, "leaf_index"),
    leaf: blobOf(row, "leaf"),
    payload: textOrNull(row, "payload"),
  }));
}
