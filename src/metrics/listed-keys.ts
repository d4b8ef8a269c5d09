import { sql } from "kysely";

import type { Scope, Tx } from "../store/index.ts";

/** An API key as the organization lists it. */
export interface ListedKey {
  readonly id: string;
  readonly status: string | null;
  readonly createdAt: string | null;
}

/** The keys of all organizations, archived ones too. */
export async function listedKeys(tx: Tx, scope: Scope): Promise<ListedKey[]> {
  const { rows } = await sql<{ id: string; status: string | null; created_at: string | null }>`
    select id, status, created_at
    from api_keys
    where tenant_id = ${scope.tenantId}
    order by id
  `.execute(tx.db);
  return rows.map(({ id, status, created_at: createdAt }) => ({ id, status, createdAt }));
}
