import type { Migration } from "./migration.ts";

/**
 * What people allowed assistants, and what the built-in authorization server keeps meanwhile: codes, refresh tokens,
 * registered clients. Of the latter the id is a hash and the payload sealed, so that the database lets nobody in.
 */
export const oauth: Migration = {
  name: "0006-oauth",
  statements: ({ int, text, blob, keyed }) => [
    `create table oauth_grants (
      tenant_id ${int} not null references tenants (tenant_id),
      grant_id ${text} not null,
      account_id ${text} not null,
      client_id ${text} not null,
      client_name ${text} not null,
      scopes ${text} not null,
      created_ms ${int} not null,
      expires_ms ${int} not null,
      used_ms ${int},
      primary key (tenant_id, grant_id)
    )${keyed}`,
    `create index oauth_grants_grant on oauth_grants (grant_id)`,
    `create index oauth_grants_account on oauth_grants (account_id)`,

    // Its tenant is 0: the authorization server is the installation's, and which tenant a grant enters is the grant's.
    `create table oauth_artifacts (
      tenant_id ${int} not null,
      kind ${text} not null,
      id_hash ${blob} not null,
      grant_id ${text},
      payload ${blob} not null,
      consumed_ms ${int},
      expires_ms ${int} not null,
      primary key (tenant_id, kind, id_hash)
    )${keyed}`,
    `create index oauth_artifacts_grant on oauth_artifacts (grant_id)`,
    `create index oauth_artifacts_end on oauth_artifacts (expires_ms)`,
  ],
};
