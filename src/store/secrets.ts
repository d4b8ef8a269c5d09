import { blobOf, intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { DekRow, Scope, SecretRow, Tx, WriteTx } from "./types.ts";

export async function getSecret(tx: Tx, scope: Scope, purpose: string, id: string): Promise<SecretRow | null> {
  const row = await sessionOf(tx).first(
    "select version, dek_version, blob from secrets where tenant_id = ? and purpose = ? and id = ?",
    [scope.tenantId, purpose, id],
  );
  if (!row) return null;
  return {
    purpose,
    id,
    version: intOf(row, "version"),
    dekVersion: intOf(row, "dek_version"),
    blob: blobOf(row, "blob"),
  };
}

/**
 * What the rest of the transaction deletes or writes over is not to be found in the database's files afterwards.
 * On PostgreSQL it stays there until the server's vacuum and its log's end.
 */
export async function wipeDeleted(tx: WriteTx): Promise<void> {
  await sessionOf(tx).wipeDeleted();
}

/** Keeps a sealed value; an earlier one of the same name is overwritten and wiped. */
export async function putSecret(tx: WriteTx, scope: Scope, secret: SecretRow): Promise<void> {
  await wipeDeleted(tx);
  await sessionOf(tx).run(
    `insert into secrets (tenant_id, purpose, id, version, dek_version, blob) values (?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, purpose, id) do update
     set version = excluded.version, dek_version = excluded.dek_version, blob = excluded.blob`,
    [scope.tenantId, secret.purpose, secret.id, secret.version, secret.dekVersion, secret.blob],
  );
}

/** Deletes and wipes a sealed value. */
export async function deleteSecret(tx: WriteTx, scope: Scope, purpose: string, id: string): Promise<void> {
  await wipeDeleted(tx);
  const sql = "delete from secrets where tenant_id = ? and purpose = ? and id = ?";
  await sessionOf(tx).run(sql, [scope.tenantId, purpose, id]);
}

/** Names of the tenant's sealed values. */
export async function listSecrets(tx: Tx, scope: Scope): Promise<{ purpose: string; id: string }[]> {
  const sql = "select purpose, id from secrets where tenant_id = ? order by purpose, id";
  const rows = await sessionOf(tx).all(sql, [scope.tenantId]);
  return rows.map((row) => ({ purpose: textOf(row, "purpose"), id: textOf(row, "id") }));
}

/** The tenant's data-encryption keys, the oldest first; the last one seals. */
export async function listDeks(tx: Tx, scope: Scope): Promise<DekRow[]> {
  const sql = "select version, key_id, wrapped from deks where tenant_id = ? order by version";
  return (await sessionOf(tx).all(sql, [scope.tenantId])).map((row) => ({
    version: intOf(row, "version"),
    keyId: blobOf(row, "key_id"),
    wrapped: blobOf(row, "wrapped"),
  }));
}

/** Keeps a new wrapped key. One of its version must not exist: overwriting it would lose what it sealed. */
export async function insertDek(tx: WriteTx, scope: Scope, dek: DekRow): Promise<void> {
  // A page that is split would keep a copy.
  await wipeDeleted(tx);
  const sql = "insert into deks (tenant_id, version, key_id, wrapped) values (?, ?, ?, ?)";
  await sessionOf(tx).run(sql, [scope.tenantId, dek.version, dek.keyId, dek.wrapped]);
}

/** Destroys a data key with which nothing is sealed any more. */
export async function deleteDek(tx: WriteTx, scope: Scope, version: number): Promise<void> {
  await wipeDeleted(tx);
  const session = sessionOf(tx);
  const used = await session.first("select 1 from secrets where tenant_id = ? and dek_version = ?", [
    scope.tenantId,
    version,
  ]);
  if (used !== undefined) throw new Error(`something is still sealed with data key ${version}`);
  await session.run("delete from deks where tenant_id = ? and version = ?", [scope.tenantId, version]);
}

/** Wraps a key anew: the same key under another key-encryption key. The one before is wiped. */
export async function replaceWrapped(tx: WriteTx, scope: Scope, dek: DekRow): Promise<void> {
  await wipeDeleted(tx);
  const replaced = await sessionOf(tx).run(
    "update deks set wrapped = ? where tenant_id = ? and version = ? and key_id = ?",
    [dek.wrapped, scope.tenantId, dek.version, dek.keyId],
  );
  if (replaced !== 1) throw new Error(`there is no data key ${dek.version} to wrap anew`);
}
