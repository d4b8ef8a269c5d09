import type { SqlRow } from "./connection.ts";
import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { TenantRow, Tx, WriteTx } from "./types.ts";

// The only functions without a Scope: they are how one comes by the tenant of a Scope.

/** The tenant of this name, made when there is none. */
export async function ensureTenant(tx: WriteTx, name: string, nowMs: number): Promise<TenantRow> {
  const session = sessionOf(tx);
  await session.run(
    `insert into tenants (tenant_id, name, created_at)
     select coalesce(max(tenant_id), 0) + 1, ?, ?
     from tenants
     where true
     on conflict (name) do nothing`,
    [name, nowMs],
  );
  const tenant = await findTenant(tx, name);
  if (!tenant) throw new Error("a tenant that was just made is not there");
  return tenant;
}

export async function findTenant(tx: Tx, name: string): Promise<TenantRow | null> {
  const row = await sessionOf(tx).first("select tenant_id, name, created_at from tenants where name = ?", [name]);
  return row ? tenantRow(row) : null;
}

export async function listTenants(tx: Tx): Promise<TenantRow[]> {
  return (await sessionOf(tx).all("select tenant_id, name, created_at from tenants order by tenant_id")).map(tenantRow);
}

function tenantRow(row: SqlRow): TenantRow {
  return { tenantId: intOf(row, "tenant_id"), name: textOf(row, "name"), createdAt: intOf(row, "created_at") };
}
