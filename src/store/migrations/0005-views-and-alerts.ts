import type { Migration } from "./migration.ts";

/** What people keep of the pages, and which alerts went out already. */
export const viewsAndAlerts: Migration = {
  name: "0005-views-and-alerts",
  statements: ({ int, text, keyed }) => [
    `create table saved_views (
      tenant_id ${int} not null references tenants (tenant_id),
      view_id ${text} not null,
      owner ${text} not null,
      owner_name ${text} not null,
      name ${text} not null,
      page ${text} not null,
      query ${text} not null,
      shared ${int} not null,
      created_ms ${int} not null,
      updated_ms ${int} not null,
      primary key (tenant_id, view_id)
    )${keyed}`,
    // One row an alert: of a budget one for each month and threshold, of a failure one for each time it began.
    `create table alerts_sent (
      tenant_id ${int} not null references tenants (tenant_id),
      alert_key ${text} not null,
      sent_ms ${int} not null,
      primary key (tenant_id, alert_key)
    )${keyed}`,
  ],
};
