import type { Migration } from "./migration.ts";

/**
 * Who may sign in. Accounts, sessions and links are the installation's (their tenant is 0); what an account may do is
 * said for each tenant.
 */
export const access: Migration = {
  name: "0003-access",
  statements: ({ int, text, blob, keyed }) => [
    `create table accounts (
      tenant_id ${int} not null,
      account_id ${text} not null,
      email ${text},
      name ${text} not null,
      issuer ${text},
      subject ${text},
      contact ${text},
      password_hash ${text},
      created_ms ${int} not null,
      signed_in_ms ${int},
      primary key (tenant_id, account_id)
    )${keyed}`,
    `create unique index accounts_email on accounts (tenant_id, email)`,
    `create unique index accounts_subject on accounts (tenant_id, issuer, subject)`,

    `create table account_tenants (
      tenant_id ${int} not null references tenants (tenant_id),
      account_id ${text} not null,
      role ${text} not null,
      people ${int} not null,
      person_id ${text},
      disabled ${int} not null,
      primary key (tenant_id, account_id)
    )${keyed}`,
    `create index account_tenants_account on account_tenants (account_id)`,

    // Tokens of sessions, links and programs are random enough that their SHA-256 tells nothing about them.
    `create table sign_in_sessions (
      tenant_id ${int} not null,
      token_hash ${blob} not null,
      session_id ${text} not null,
      account_id ${text} not null,
      created_ms ${int} not null,
      seen_ms ${int} not null,
      idle_ms ${int} not null,
      ends_ms ${int} not null,
      agent ${text} not null,
      primary key (tenant_id, token_hash)
    )${keyed}`,
    `create index sign_in_sessions_account on sign_in_sessions (account_id)`,

    `create table api_tokens (
      tenant_id ${int} not null references tenants (tenant_id),
      token_id ${text} not null,
      account_id ${text},
      name ${text} not null,
      secret_hash ${blob} not null,
      scopes ${text} not null,
      created_ms ${int} not null,
      expires_ms ${int} not null,
      used_ms ${int},
      primary key (tenant_id, token_id)
    )${keyed}`,
    `create index api_tokens_token on api_tokens (token_id)`,

    `create table one_time_links (
      tenant_id ${int} not null,
      link_hash ${blob} not null,
      purpose ${text} not null,
      account_id ${text},
      created_ms ${int} not null,
      expires_ms ${int} not null,
      used_ms ${int},
      primary key (tenant_id, link_hash)
    )${keyed}`,
  ],
};
