import type { Migration } from "./migration.ts";

/** Every answer asks for the conflicted records of its range: there are few or none, among many versions. */
export const conflicted: Migration = {
  name: "0002-conflicted",
  statements: () => [
    `create index record_versions_conflicted on record_versions (tenant_id, stream, organization_id, day)
     where conflicted = 1`,
  ],
};
