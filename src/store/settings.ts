import { textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

export async function getSetting(tx: Tx, scope: Scope, name: string): Promise<string | null> {
  const sql = "select value from settings where tenant_id = ? and name = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, name]);
  return row ? textOf(row, "value") : null;
}

export async function setSetting(tx: WriteTx, scope: Scope, name: string, value: string): Promise<void> {
  await sessionOf(tx).run(
    `insert into settings (tenant_id, name, value) values (?, ?, ?)
     on conflict (tenant_id, name) do update set value = excluded.value`,
    [scope.tenantId, name, value],
  );
}

export async function removeSetting(tx: WriteTx, scope: Scope, name: string): Promise<void> {
  await sessionOf(tx).run("delete from settings where tenant_id = ? and name = ?", [scope.tenantId, name]);
}

export async function listSettings(tx: Tx, scope: Scope): Promise<Map<string, string>> {
  const sql = "select name, value from settings where tenant_id = ? order by name";
  const rows = await sessionOf(tx).all(sql, [scope.tenantId]);
  return new Map(rows.map((row) => [textOf(row, "name"), textOf(row, "value")]));
}
