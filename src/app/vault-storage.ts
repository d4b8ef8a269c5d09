import { Failure, NAMED, type Scope } from "../domain/index.ts";
import {
  deleteDek,
  deleteSecret,
  getSecret,
  insertDek,
  listDeks,
  listSecrets,
  listTenants,
  putSecret,
  replaceWrapped,
  type Tx,
  type WriteTx,
} from "../store/index.ts";
import type { Secret, Vault, VaultStorage } from "../vault/index.ts";

/** One tenant's sealed values inside a writing transaction. */
export function writableStorage(tx: WriteTx, scope: Scope): VaultStorage {
  return {
    ...readableStorage(tx, scope),
    insertDek: (dek) => insertDek(tx, scope, dek),
    replaceWrapped: (dek) => replaceWrapped(tx, scope, dek),
    deleteDek: (version) => deleteDek(tx, scope, version),
    putSecret: (secret) => putSecret(tx, scope, secret),
    deleteSecret: (purpose, id) => deleteSecret(tx, scope, purpose, id),
  };
}

/** As `writableStorage`, for opening values only. */
export function readableStorage(tx: Tx, scope: Scope): VaultStorage {
  const refuse = async (): Promise<never> => {
    throw new TypeError("sealing needs a writing transaction");
  };
  return {
    // The id, not the name: what is bound into a seal must stay as it is when a tenant is renamed.
    tenant: `tenant-${scope.tenantId}`,
    listDeks: () => listDeks(tx, scope),
    getSecret: (purpose, id) => getSecret(tx, scope, purpose, id),
    listSecrets: () => listSecrets(tx, scope),
    insertDek: refuse,
    replaceWrapped: refuse,
    deleteDek: refuse,
    putSecret: refuse,
    deleteSecret: refuse,
  };
}

/** Where the installation seals what is no tenant's: there is always a first tenant, and it stays. */
export async function firstTenant(tx: Tx): Promise<Scope> {
  const [first] = await listTenants(tx);
  if (first === undefined) throw new Failure("store.no_connection");
  return { tenantId: first.tenantId, tenant: first.name, principal: "server", privacy: NAMED };
}

/** Seals a value, over one of this name if there is one. */
export async function sealOver(
  vault: Vault,
  storage: VaultStorage,
  { purpose, id }: { readonly purpose: string; readonly id: string },
  secret: Secret,
): Promise<void> {
  const isNew = (await storage.getSecret(purpose, id)) === null;
  await (isNew ? vault.putSecret(storage, purpose, id, secret) : vault.rotateSecret(storage, purpose, id, secret));
}
