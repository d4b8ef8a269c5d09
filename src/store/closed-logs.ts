import { blobOf, blobOrNull, intOf, intOrNull, textOf, textOrNull } from "./decode.ts";
import { logState } from "./leaves.ts";
import { checkpointRow } from "./checkpoints.ts";
import { sessionOf } from "./session.ts";
import type { CheckpointRow, ClosedLogKey, ClosedLogRow, Scope, StoredLeaf, Tx, WriteTx } from "./types.ts";

/**
 * Ends the tenant's log: its leaves and checkpoints are kept under a number of their own, and the tenant has none until
 * another one is begun.
 *
 * @returns the number
 */
export async function closeLog(
  tx: WriteTx,
  scope: Scope,
  { closedMs, reason, keys }: Pick<ClosedLogRow, "closedMs" | "reason" | "keys">,
): Promise<number> {
  const { tenantId } = scope;
  const session = sessionOf(tx);
  const state = await logState(tx, scope);
  if (state === null) throw new Error("the tenant has no log to close");
  const last = await session.first("select max(log_no) as log_no from closed_logs where tenant_id = ?", [tenantId]);
  const logNo = (intOrNull(last!, "log_no") ?? 0) + 1;
  await session.run(
    "insert into closed_logs (tenant_id, log_no, origin, size, closed_ms, reason, signing_keys) values (?, ?, ?, ?, ?, ?, ?)",
    [tenantId, logNo, state.origin, state.size, closedMs, reason, JSON.stringify(keys)],
  );
  await session.run(
    `insert into closed_leaves (tenant_id, log_no, leaf_index, leaf, salt, payload, erased_by)
     select tenant_id, cast(? as bigint), leaf_index, leaf, salt, payload, erased_by from leaves where tenant_id = ?`,
    [logNo, tenantId],
  );
  await session.run(
    `insert into closed_checkpoints (tenant_id, log_no, size, at_ms, note)
     select tenant_id, cast(? as bigint), size, at_ms, note from checkpoints where tenant_id = ?`,
    [logNo, tenantId],
  );
  for (const table of ["leaves", "tile_hashes", "checkpoints", "log_keys", "logs"]) {
    await session.run(`delete from ${table} where tenant_id = ?`, [tenantId]);
  }
  return logNo;
}

/** Logs that came to an end, the oldest first. */
export async function listClosedLogs(tx: Tx, scope: Scope): Promise<ClosedLogRow[]> {
  const rows = await sessionOf(tx).all(
    "select log_no, origin, size, closed_ms, reason, signing_keys from closed_logs where tenant_id = ? order by log_no",
    [scope.tenantId],
  );
  return rows.map((row) => ({
    logNo: intOf(row, "log_no"),
    origin: textOf(row, "origin"),
    size: intOf(row, "size"),
    closedMs: intOf(row, "closed_ms"),
    reason: textOf(row, "reason"),
    // Written by `closeLog` alone.
    keys: JSON.parse(textOf(row, "signing_keys")) as ClosedLogKey[],
  }));
}

/** The checkpoint of the largest tree of a closed log that was signed and is here whole. */
export async function closedCheckpoint(tx: Tx, scope: Scope, logNo: number): Promise<CheckpointRow | null> {
  const row = await sessionOf(tx).first(
    `select size, at_ms, note
     from closed_checkpoints
     where tenant_id = ? and log_no = ?
     order by size desc
     limit 1`,
    [scope.tenantId, logNo],
  );
  return row ? checkpointRow(row) : null;
}

/** Leaves `from` (held) to `to` (not) of a closed log. */
export async function readClosedLeaves(
  tx: Tx,
  scope: Scope,
  logNo: number,
  from: number,
  to: number,
): Promise<Omit<StoredLeaf, "leafHash">[]> {
  const rows = await sessionOf(tx).all(
    `select leaf_index, leaf, salt, payload, erased_by
     from closed_leaves
     where tenant_id = ? and log_no = ? and leaf_index >= ? and leaf_index < ?
     order by leaf_index`,
    [scope.tenantId, logNo, from, to],
  );
  return rows.map((row) => ({
    index: intOf(row, "leaf_index"),
    leaf: blobOf(row, "leaf"),
    salt: blobOrNull(row, "salt"),
    payload: textOrNull(row, "payload"),
    erasedBy: intOrNull(row, "erased_by"),
  }));
}

/** Leaves of a closed log whose content was erased, and the leaf that is said to have ordered it. */
export async function erasedClosedLeaves(
  tx: Tx,
  scope: Scope,
  logNo: number,
): Promise<{ readonly index: number; readonly by: number }[]> {
  const rows = await sessionOf(tx).all(
    `select leaf_index, erased_by from closed_leaves
     where tenant_id = ? and log_no = ? and erased_by is not null
     order by leaf_index`,
    [scope.tenantId, logNo],
  );
  return rows.map((row) => ({ index: intOf(row, "leaf_index"), by: intOf(row, "erased_by") }));
}

/** Checkpoint of exactly this size of a closed log. */
export async function findClosedCheckpoint(
  tx: Tx,
  scope: Scope,
  logNo: number,
  size: number,
): Promise<CheckpointRow | null> {
  const sql = "select size, at_ms, note from closed_checkpoints where tenant_id = ? and log_no = ? and size = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, logNo, size]);
  return row ? checkpointRow(row) : null;
}
