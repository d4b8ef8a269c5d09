import type { Migration } from "./migration.ts";

/** Which checkpoint stands where outside: with witnesses, time stamp authorities, calendars and auditors. */
export const anchors: Migration = {
  name: "0008-anchors",
  statements: ({ int, text, blob, keyed }) => [
    // One row a checkpoint and service. `waiting` has no proof yet; `leaf_index` is that of the anchor leaf that records
    // the proof as it is here, and null until there is one.
    `create table anchors (
      tenant_id ${int} not null references tenants (tenant_id),
      origin ${text} not null,
      size ${int} not null,
      kind ${text} not null,
      target ${text} not null,
      state ${text} not null,
      checkpoint ${text} not null,
      proof ${blob},
      facts ${text} not null,
      since_ms ${int} not null,
      handed_ms ${int},
      tries ${int} not null,
      due_ms ${int} not null,
      problem_code ${text},
      problem ${text},
      leaf_index ${int},
      primary key (tenant_id, origin, size, kind, target)
    )${keyed}`,
  ],
};
