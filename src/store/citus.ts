import { REFERENCE, TENANT, type Table } from "../domain/index.ts";
import { rollupDistribution } from "./ddl.ts";

/** How one table is spread over a cluster: by a column, or a copy on every node. */
export interface Distribution {
  readonly table: string;
  readonly by: string;
}

/**
 * How to spread every table with Citus: `create_distributed_table(table, by)`, or `create_reference_table(table)` for
 * `reference`. Facts go by the column of their description, so that one large organization does not fill one node.
 */
export function citusPlan(tables: readonly Table[]): Distribution[] {
  return [
    ...BASE,
    ...tables.flatMap((table) => [
      { table: table.name, by: table.distribute },
      ...table.rollups.map((rollup) => ({ table: rollup.name, by: rollupDistribution(table, rollup) })),
    ]),
  ];
}

const REFERENCE_TABLES = [
  "meta",
  "tenants",
  "dims",
  "dim_counters",
  "stale_tables",
  // Small, and asked for before it is known which tenant is meant.
  "accounts",
  "account_tenants",
  "sign_in_sessions",
  "api_tokens",
  "one_time_links",
  "second_factors",
  "recovery_codes",
  "oauth_grants",
  "oauth_artifacts",
];

const TENANT_TABLES = [
  "connections",
  "secrets",
  "deks",
  "record_versions",
  "logs",
  "leaves",
  "tile_hashes",
  "checkpoints",
  "anchors",
  "log_keys",
  "closed_logs",
  "closed_leaves",
  "closed_checkpoints",
  "active_days",
  "coverage",
  "stream_states",
  "runs",
  "leases",
  "people",
  "people_earlier",
  "actor_owners",
  "settings",
  "saved_views",
  "budgets",
  "anomalies",
  "alerts_sent",
  "changes",
  "erased_identifiers",
];

const BASE: readonly Distribution[] = [
  ...REFERENCE_TABLES.map((table) => ({ table, by: REFERENCE })),
  ...TENANT_TABLES.map((table) => ({ table, by: TENANT })),
];
