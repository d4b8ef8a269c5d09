import { sql } from "kysely";

import type { Scope, Tx } from "../store/index.ts";

/** What an id of a workspace or a key is called in the Console. */
export async function listedNames(
  tx: Tx,
  scope: Scope,
  table: "workspaces" | "api_keys",
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string | null }>`
    select id, name
    from ${sql.table(table)}
    where tenant_id = ${scope.tenantId}
  `.execute(tx.db);
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
}
