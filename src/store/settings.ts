import { textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx, WriteTx } from "./types.ts";

export async function getSetting(tx: Tx, scope: Pick<Scope, "tenantId">, name: string): Promise<string | null> {
  const sql = "select value from settings where tenant_id = ? and name = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, name]);
  return row ? textOf(row, "value") : null;
}

/** Those whose names begin so. */
export async function listSettings(
  tx: Tx,
  scope: Pick<Scope, "tenantId">,
  prefix: string,
): Promise<{ readonly name: string; readonly value: string }[]> {
  const sql = "select name, value from settings where tenant_id = ? order by name";
  const rows = await sessionOf(tx).all(sql, [scope.tenantId]);
  return rows
    .map((row) => ({ name: textOf(row, "name"), value: textOf(row, "value") }))
    .filter(({ name }) => name.startsWith(prefix));
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
