import type { Migration } from "./migration.ts";

/**
 * Who was erased, so that they do not come back: of each identifier a keyed hash, which says nothing without the key
 * that the vault keeps, and the pseudonym that stands for it since.
 */
export const erasure: Migration = {
  name: "0010-erasure",
  statements: ({ int, text, keyed }) => [
    `create table erased_identifiers (
      tenant_id ${int} not null references tenants (tenant_id),
      hash ${text} not null,
      kind ${text} not null,
      words ${int} not null,
      pseudonym ${text} not null,
      subject ${text} not null,
      erased_ms ${int} not null,
      primary key (tenant_id, hash)
    )${keyed}`,
  ],
};
