import { sql } from "kysely";

import type { DayNumber, Scope } from "../domain/index.ts";
import type { Tx } from "../store/index.ts";
import { lookupsOf } from "./lookups.ts";

/** First and last day with a row, of those that are looked at. */
export interface Use {
  readonly organizationId: string;
  /** Null is the default workspace, or use without a key. */
  readonly id: string | null;
  readonly first: DayNumber;
  readonly last: DayNumber;
}

/** Where each is read: workspaces stand in the daily sums, keys in the rows alone. */
const TABLES = {
  workspace_id: { table: "usage_by_key_daily", dim: "workspace" },
  api_key_id: { table: "usage_by_key", dim: "api_key" },
} as const;

/** When each key, or each workspace, was used with the Messages API, from a day on. */
export async function lastUse(
  tx: Tx,
  scope: Scope,
  column: keyof typeof TABLES,
  from: DayNumber,
): Promise<readonly Use[]> {
  const { table, dim } = TABLES[column];
  const { rows } = await sql<{ organization_id: bigint; code: bigint; first: bigint; last: bigint }>`
    select organization_id, ${sql.ref(column)} as code, min(day) as first, max(day) as last
    from ${sql.table(table)}
    where tenant_id = ${scope.tenantId} and day >= ${from}
    group by organization_id, ${sql.ref(column)}
  `.execute(tx.db);
  const texts = lookupsOf(tx, scope).texts;
  const organizations = await texts.of("organization", new Set(rows.map((row) => Number(row.organization_id))));
  const ids = await texts.of(dim, new Set(rows.map(({ code }) => Number(code))));
  return rows.map((row) => ({
    organizationId: organizations.get(Number(row.organization_id)) ?? "",
    id: ids.get(Number(row.code)) ?? null,
    first: Number(row.first),
    last: Number(row.last),
  }));
}
