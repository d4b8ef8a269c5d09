import type { Migration } from "./migration.ts";

/** What somebody planned to spend, and what was made of days that stood out. */
export const budgetsAndAnomalies: Migration = {
  name: "0011-budgets-and-anomalies",
  statements: ({ int, text, keyed }) => [
    `create table budgets (
      tenant_id ${int} not null references tenants (tenant_id),
      budget_id ${text} not null,
      name ${text} not null,
      scope ${text} not null,
      scope_value ${text},
      period ${text} not null,
      amount_usd ${text} not null,
      kind ${text} not null,
      thresholds ${text} not null,
      basis ${text} not null,
      created_ms ${int} not null,
      primary key (tenant_id, budget_id)
    )${keyed}`,
    // One row a day of a series: when it was first seen, taken note of, and done with.
    `create table anomalies (
      tenant_id ${int} not null references tenants (tenant_id),
      anomaly_id ${text} not null,
      dimension ${text} not null,
      day ${int} not null,
      title ${text} not null,
      state ${text} not null,
      opened_ms ${int} not null,
      acknowledged_ms ${int},
      acknowledged_by ${text},
      resolved_ms ${int},
      resolved_by ${text},
      primary key (tenant_id, anomaly_id)
    )${keyed}`,
  ],
};
