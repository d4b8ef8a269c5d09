import type { SqlRow } from "./connection.ts";
import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { CheckpointRow, Scope, Tx, WriteTx } from "./types.ts";

/** Keeps a signed checkpoint; one of the same size is replaced (it has gained a signature). */
export async function putCheckpoint(tx: WriteTx, scope: Scope, checkpoint: CheckpointRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into checkpoints (tenant_id, size, at_ms, note) values (?, ?, ?, ?)
     on conflict (tenant_id, size) do update set at_ms = excluded.at_ms, note = excluded.note`,
    [scope.tenantId, checkpoint.size, checkpoint.atMs, checkpoint.note],
  );
}

/** The checkpoint of the largest tree signed so far. */
export async function latestCheckpoint(tx: Tx, scope: Scope): Promise<CheckpointRow | null> {
  const sql = "select size, at_ms, note from checkpoints where tenant_id = ? order by size desc limit 1";
  const row = await sessionOf(tx).first(sql, [scope.tenantId]);
  return row ? checkpointRow(row) : null;
}

/** The checkpoint of exactly this size. */
export async function findCheckpoint(tx: Tx, scope: Scope, size: number): Promise<CheckpointRow | null> {
  const sql = "select size, at_ms, note from checkpoints where tenant_id = ? and size = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, size]);
  return row ? checkpointRow(row) : null;
}

/** Every checkpoint that was signed, the smallest tree first. */
export async function* listCheckpoints(tx: Tx, scope: Scope): AsyncGenerator<CheckpointRow> {
  const sql = "select size, at_ms, note from checkpoints where tenant_id = ? order by size";
  for await (const row of sessionOf(tx).iterate(sql, [scope.tenantId])) yield checkpointRow(row);
}

export function checkpointRow(row: SqlRow): CheckpointRow {
  return { size: intOf(row, "size"), atMs: intOf(row, "at_ms"), note: textOf(row, "note") };
}
