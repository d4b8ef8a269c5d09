import { intOf, intOrNull, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { LogKeyRow, Scope, Tx, WriteTx } from "./types.ts";

/** Signing keys of the tenant's log after its first one, the oldest first. */
export async function listLogKeys(tx: Tx, scope: Scope): Promise<LogKeyRow[]> {
  const rows = await sessionOf(tx).all(
    "select key_no, vkey, leaf_index, handover_size from log_keys where tenant_id = ? order by key_no",
    [scope.tenantId],
  );
  return rows.map((row) => ({
    keyNo: intOf(row, "key_no"),
    vkey: textOf(row, "vkey"),
    leafIndex: intOf(row, "leaf_index"),
    handoverSize: intOrNull(row, "handover_size"),
  }));
}

/** Keeps a key that its `key` leaf has named. */
export async function insertLogKey(tx: WriteTx, scope: Scope, key: LogKeyRow): Promise<void> {
  await sessionOf(tx).run(
    "insert into log_keys (tenant_id, key_no, vkey, leaf_index, handover_size) values (?, ?, ?, ?, ?)",
    [scope.tenantId, key.keyNo, key.vkey, key.leafIndex, key.handoverSize],
  );
}

/** Says which checkpoint was signed by this key and the one before it: from then on it signs alone. */
export async function setHandover(tx: WriteTx, scope: Scope, keyNo: number, size: number): Promise<void> {
  await sessionOf(tx).run("update log_keys set handover_size = ? where tenant_id = ? and key_no = ?", [
    size,
    scope.tenantId,
    keyNo,
  ]);
}
