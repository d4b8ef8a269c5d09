import type { Scope } from "../domain/index.ts";
import type { Suppression } from "../operations/index.ts";
import { listErased, type Store } from "../store/index.ts";
import { Suppressor, unionOf } from "../sync/index.ts";
import type { Vault } from "../vault/index.ts";
import type { ErasedFile } from "./erased-file.ts";
import { readableStorage, writableStorage } from "./vault-storage.ts";

const KIND = "erased identifiers";

interface Parts {
  readonly vault: Vault;
  readonly store: Store;
  readonly file: ErasedFile;
}

/** Who was erased from a tenant, under a key that the vault derives. */
export function createSuppression({ vault, file }: Parts, scope: Scope): Suppression {
  return {
    key: async (tx) => bytesOf((await vault.hashKey(writableStorage(tx, scope), KIND, true))!),
    kept: () => file.read(),
    keep: (identifiers) => file.keep(identifiers),
  };
}

/**
 * What swaps identifiers for pseudonyms in answers of upstream: whoever is listed in the database, and whoever the file
 * lists that a restored database has forgotten.
 *
 * @throws Failure `vault.locked`, `vault.altered`
 */
export async function openSuppressor({ vault, store, file }: Parts, scope: Scope): Promise<Suppressor> {
  const kept = await file.read();
  return store.read(async (tx) => {
    const listed = await listErased(tx, scope);
    const inFile = new Set(kept.map(({ hash }) => hash));
    // A process that was killed between its commit and the file.
    if (listed.some(({ hash }) => !inFile.has(hash))) await file.keep(unionOf(kept, listed));
    if (listed.length + kept.length === 0) return new Suppressor(Buffer.alloc(0), []);
    const key = await vault.hashKey(readableStorage(tx, scope), KIND, false);
    // No key was ever made: nothing was hashed with it either.
    return key === null ? new Suppressor(Buffer.alloc(0), []) : new Suppressor(bytesOf(key), unionOf(kept, listed));
  });
}

/** A copy that lives as long as its holder. */
function bytesOf(secret: { use<T>(fn: (bytes: Buffer) => T): T; wipe(): void }): Buffer {
  const bytes = secret.use((key) => Buffer.from(key));
  secret.wipe();
  return bytes;
}
