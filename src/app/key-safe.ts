import type { KeySafe } from "../oauth/index.ts";
import type { Store } from "../store/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import { firstTenant, readableStorage, writableStorage } from "./vault-storage.ts";

const PURPOSE = "server-key";

/** Keys of the server itself, sealed among those of the first tenant: there is always one, and it stays. */
export function createKeySafe({ store, vault }: { readonly store: Store; readonly vault: Vault }): KeySafe {
  return {
    async open(name, make) {
      const scope = await store.read(firstTenant);
      const sealed = await store.read((tx) => vault.openSecret(readableStorage(tx, scope), PURPOSE, name));
      if (sealed !== null) return textOf(sealed);
      return store.write(async (tx) => {
        const storage = writableStorage(tx, scope);
        // Another process may have made it meanwhile.
        const found = await vault.openSecret(storage, PURPOSE, name);
        if (found !== null) return textOf(found);
        const made = Secret.ofText(make());
        await vault.putSecret(storage, PURPOSE, name, made);
        return textOf(made);
      });
    },
  };
}

function textOf(secret: Secret): string {
  const text = secret.use((bytes) => bytes.toString("utf8"));
  secret.wipe();
  return text;
}
