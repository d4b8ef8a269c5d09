import type { Migration } from "./migration.ts";

/**
 * Second factors of accounts. Their secrets are sealed among those of the first tenant; recovery codes are random enough
 * that their SHA-256 tells nothing about them. Like accounts, all of it is the installation's (tenant 0).
 */
export const secondFactor: Migration = {
  name: "0012-second-factor",
  statements: ({ int, text, blob, keyed }) => [
    `create table second_factors (
      tenant_id ${int} not null,
      account_id ${text} not null,
      created_ms ${int} not null,
      confirmed_ms ${int},
      used_step ${int} not null,
      tries_full_ms ${int} not null,
      primary key (tenant_id, account_id)
    )${keyed}`,

    `create table recovery_codes (
      tenant_id ${int} not null,
      account_id ${text} not null,
      code_hash ${blob} not null,
      used_ms ${int},
      primary key (tenant_id, account_id, code_hash)
    )${keyed}`,
  ],
};
