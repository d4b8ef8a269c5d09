import type { Migration } from "./migration.ts";

/** Where people were before they changed team: activity of those days stays with the team of then. */
export const teamHistory: Migration = {
  name: "0004-team-history",
  statements: ({ int, text, keyed }) => [
    `create table people_earlier (
      tenant_id ${int} not null references tenants (tenant_id),
      person_id ${text} not null,
      until_day ${int} not null,
      team ${text},
      cost_centre ${text},
      manager ${text},
      primary key (tenant_id, person_id, until_day)
    )${keyed}`,
  ],
};
