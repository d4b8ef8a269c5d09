import type { FactorSafe } from "../access/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import { firstTenant, readableStorage, sealOver, writableStorage } from "./vault-storage.ts";

const PURPOSE = "second-factor";

/** The secrets of second factors, sealed among those of the first tenant: accounts are no tenant's. */
export function createFactorSafe(vault: Vault): FactorSafe {
  return {
    async put(tx, accountId, bytes) {
      const secret = new Secret(Buffer.from(bytes));
      try {
        await sealOver(vault, writableStorage(tx, await firstTenant(tx)), { purpose: PURPOSE, id: accountId }, secret);
      } finally {
        secret.wipe();
      }
    },
    async open(tx, accountId) {
      const secret = await vault.openSecret(readableStorage(tx, await firstTenant(tx)), PURPOSE, accountId);
      const bytes = secret?.use((plain) => Buffer.from(plain)) ?? null;
      secret?.wipe();
      return bytes;
    },
    destroy: async (tx, accountId) =>
      vault.destroySecret(writableStorage(tx, await firstTenant(tx)), PURPOSE, accountId),
  };
}
