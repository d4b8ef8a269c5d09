import type { Migration } from "./migration.ts";

/**
 * What a log goes through: new signing keys, and its end when another one takes over. A closed log is kept whole, so
 * that it can be exported and checked as ever; no row refers to it.
 */
export const logLives: Migration = {
  name: "0009-log-lives",
  statements: ({ int, text, blob, keyed, heap }) => [
    // Keys after the first, which the genesis leaf names. No handover yet: the older key signs beside it.
    `create table log_keys (
      tenant_id ${int} not null references tenants (tenant_id),
      key_no ${int} not null,
      vkey ${text} not null,
      leaf_index ${int} not null,
      handover_size ${int},
      primary key (tenant_id, key_no)
    )${keyed}`,

    `create table closed_logs (
      tenant_id ${int} not null references tenants (tenant_id),
      log_no ${int} not null,
      origin ${text} not null,
      size ${int} not null,
      closed_ms ${int} not null,
      reason ${text} not null,
      signing_keys ${text} not null,
      primary key (tenant_id, log_no)
    )${keyed}`,
    `create table closed_leaves (
      tenant_id ${int} not null,
      log_no ${int} not null,
      leaf_index ${int} not null,
      leaf ${blob} not null,
      salt ${blob},
      payload ${text},
      erased_by ${int},
      primary key (tenant_id, log_no, leaf_index)
    )${heap}`,
    `create table closed_checkpoints (
      tenant_id ${int} not null,
      log_no ${int} not null,
      size ${int} not null,
      at_ms ${int} not null,
      note ${text} not null,
      primary key (tenant_id, log_no, size)
    )${keyed}`,
  ],
};
