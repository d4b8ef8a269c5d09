import type { Migration } from "./migration.ts";

/**
 * Changes of the organization at Anthropic: planned, decided by a person, executed once. What was done stands in the
 * ledger too; here are the plans, and what a plan of an invite cannot do without, an address, can be erased here.
 */
export const changes: Migration = {
  name: "0007-changes",
  statements: ({ int, text, blob, keyed }) => [
    `create table changes (
      tenant_id ${int} not null references tenants (tenant_id),
      change_id ${text} not null,
      kind ${text} not null,
      state ${text} not null,
      organization_id ${text} not null,
      connection_id ${int} not null,
      planned_by ${text} not null,
      planned_by_name ${text} not null,
      bound_to ${text} not null,
      secret_hash ${blob} not null,
      arguments ${text} not null,
      plan ${text} not null,
      decision ${text},
      outcome ${text},
      planned_ms ${int} not null,
      expires_ms ${int} not null,
      started_ms ${int},
      ended_ms ${int},
      primary key (tenant_id, change_id)
    )${keyed}`,
    `create index changes_planned on changes (tenant_id, planned_ms)`,
  ],
};
