import { sql } from "kysely";

import type { Scope, Tx } from "../store/index.ts";

/** An Admin key of the organization's list that ends some day. */
export interface AdminKeyExpiry {
  /** Its last four characters, as the list hints at them. */
  readonly last4: string;
  readonly expiresAt: string;
}

/** Admin keys that are active and end; where the organization lists them at all. */
export async function adminKeyExpiries(tx: Tx, scope: Scope): Promise<AdminKeyExpiry[]> {
  const { rows } = await sql<{ hint: string; expires_at: string }>`
    select partial_key_hint as hint, expires_at
    from api_keys
    where tenant_id = ${scope.tenantId}
      and partial_key_hint like 'sk-ant-admin%'
      and expires_at is not null
      and status = 'active'
  `.execute(tx.db);
  return rows.map(({ hint, expires_at: expiresAt }) => ({ last4: hint.slice(-4), expiresAt }));
}
