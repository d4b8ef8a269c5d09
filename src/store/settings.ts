import { textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

export async function getSetting(tx: Tx, scope: Pick<Scope, "tenantId">, name: string): Promise<string | null> {
  const sql = "select value from settings where tenant_id = ? and name = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, name]);
  return row ? textOf(row, "value") : null;
}

export async function setSetting(
  tx: WriteTx,
  scope: Pick<Scope, "tenantId">,
  name: string,
  value: string,
): Promise<void> {
  await sessionOf(tx).run(
    `insert into settings (tenant_id, name, value) values (?, ?, ?)
     on conflict (tenant_id, name) do update set value = excluded.value`,
    [scope.tenantId, name, value],
  );
}
