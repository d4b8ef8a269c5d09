import type { Migration } from "./migration.ts";

/** Everything that is not a projection of records. */
export const base: Migration = {
  name: "0001-base",
  statements: ({ int, text, blob, keyed, heap, longText }) => [
    `create table tenants (
      tenant_id ${int} not null,
      name ${text} not null,
      created_at ${int} not null,
      primary key (tenant_id)
    )${keyed}`,
    `create unique index tenants_name on tenants (name)`,

    // Interned texts. Codes of a dim run from 1 without holes, so that they can number bits; 0 means null.
    `create table dims (
      tenant_id ${int} not null,
      dim ${text} not null,
      code ${int} not null,
      value ${text} not null,
      primary key (tenant_id, dim, code)
    )${keyed}`,
    `create unique index dims_value on dims (tenant_id, dim, ${longText("value")})`,
    // The last code of each dim. Its row is also the lock that makes two processes number one after the other.
    `create table dim_counters (
      tenant_id ${int} not null,
      dim ${text} not null,
      last_code ${int} not null,
      primary key (tenant_id, dim)
    )${keyed}`,

    `create table connections (
      tenant_id ${int} not null references tenants (tenant_id),
      connection_id ${int} not null,
      name ${text} not null,
      kind ${text} not null,
      organization_id ${text} not null,
      organization_name ${text} not null,
      upstream ${text} not null,
      state ${text} not null,
      fingerprint ${text},
      last4 ${text},
      backfill_from ${int},
      capabilities ${text} not null,
      created_at ${int} not null,
      rotated_at ${int},
      last_used_at ${int},
      primary key (tenant_id, connection_id)
    )${keyed}`,
    `create unique index connections_name on connections (tenant_id, name)`,

    // Sealed values and the sealed keys that open them; the vault alone can read either.
    `create table secrets (
      tenant_id ${int} not null references tenants (tenant_id),
      purpose ${text} not null,
      id ${text} not null,
      version ${int} not null,
      dek_version ${int} not null,
      blob ${blob} not null,
      primary key (tenant_id, purpose, id)
    )${keyed}`,
    `create table deks (
      tenant_id ${int} not null references tenants (tenant_id),
      version ${int} not null,
      key_id ${blob} not null,
      wrapped ${blob} not null,
      primary key (tenant_id, version)
    )${keyed}`,

    // Versions of records. The key holds a hash of the natural key, because an index entry has a limit that a
    // natural key made by a stranger need not keep. day is -1 for lists.
    `create table record_versions (
      tenant_id ${int} not null,
      stream ${int} not null,
      organization_id ${int} not null,
      day ${int} not null,
      nk_hash ${blob} not null,
      ver ${int} not null,
      nk ${text} not null,
      record_id ${text} not null,
      leaf_index ${int} not null,
      at_ms ${int} not null,
      state ${text} not null,
      data_sha256 ${text} not null,
      conflicted ${int} not null,
      primary key (tenant_id, stream, organization_id, day, nk_hash, ver)
    )${keyed}`,

    `create table logs (
      tenant_id ${int} not null references tenants (tenant_id),
      origin ${text} not null,
      size ${int} not null,
      edge ${blob} not null,
      last_at_ms ${int} not null,
      primary key (tenant_id)
    )${keyed}`,
    `create table leaves (
      tenant_id ${int} not null,
      leaf_index ${int} not null,
      leaf ${blob} not null,
      leaf_hash ${blob} not null,
      salt ${blob},
      payload ${text},
      erased_by ${int},
      primary key (tenant_id, leaf_index)
    )${heap}`,
    `create table tile_hashes (
      tenant_id ${int} not null,
      level ${int} not null,
      n ${int} not null,
      hash ${blob} not null,
      primary key (tenant_id, level, n)
    )${keyed}`,
    `create table checkpoints (
      tenant_id ${int} not null,
      size ${int} not null,
      at_ms ${int} not null,
      note ${text} not null,
      primary key (tenant_id, size)
    )${keyed}`,

    `create table active_days (
      tenant_id ${int} not null,
      organization_id ${int} not null,
      day ${int} not null,
      rule ${text} not null,
      bits ${blob} not null,
      primary key (tenant_id, organization_id, day, rule)
    )${keyed}`,

    `create table coverage (
      tenant_id ${int} not null,
      organization_id ${int} not null,
      stream ${text} not null,
      day ${int} not null,
      state ${text} not null,
      read_at_ms ${int} not null,
      revised ${int} not null,
      refreshed_at_ms ${int},
      primary key (tenant_id, organization_id, stream, day)
    )${keyed}`,
    `create table stream_states (
      tenant_id ${int} not null,
      organization_id ${int} not null,
      stream ${text} not null,
      connection_id ${int} not null,
      state ${text} not null,
      failure_code ${text},
      message ${text},
      hint ${text},
      request_id ${text},
      last_tried_ms ${int} not null,
      last_succeeded_ms ${int},
      primary key (tenant_id, organization_id, stream)
    )${keyed}`,
    `create table runs (
      tenant_id ${int} not null,
      started_ms ${int} not null,
      run_id ${text} not null,
      ended_ms ${int} not null,
      outcome ${text} not null,
      report ${text} not null,
      primary key (tenant_id, started_ms, run_id)
    )${keyed}`,
    // The token outlives the lease, so that it only ever grows.
    `create table leases (
      tenant_id ${int} not null references tenants (tenant_id),
      name ${text} not null,
      holder ${text} not null,
      token ${int} not null,
      expires_ms ${int} not null,
      primary key (tenant_id, name)
    )${keyed}`,

    `create table people (
      tenant_id ${int} not null references tenants (tenant_id),
      person_id ${text} not null,
      name ${text} not null,
      emails ${text} not null,
      team ${text},
      cost_centre ${text},
      manager ${text},
      starts_on ${int},
      ends_on ${int},
      in_roster ${int} not null,
      primary key (tenant_id, person_id)
    )${keyed}`,
    `create table actor_owners (
      tenant_id ${int} not null references tenants (tenant_id),
      actor ${text} not null,
      kind ${text} not null,
      person_id ${text},
      service ${text},
      primary key (tenant_id, actor)
    )${keyed}`,

    `create table settings (
      tenant_id ${int} not null references tenants (tenant_id),
      name ${text} not null,
      value ${text} not null,
      primary key (tenant_id, name)
    )${keyed}`,
    // Projections whose description changed and whose rows wait to be built again.
    `create table stale_tables (
      tenant_id ${int} not null references tenants (tenant_id),
      name ${text} not null,
      primary key (tenant_id, name)
    )${keyed}`,
  ],
};
