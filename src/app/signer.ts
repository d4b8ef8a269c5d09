import { Failure, type Random, type Scope } from "../domain/index.ts";
import { signCheckpoint, signingKey, type SigningKey } from "../ledger/index.ts";
import { getSetting, setSetting, type Store } from "../store/index.ts";
import type { CheckpointSigner } from "../sync/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { readableStorage, writableStorage } from "./vault-storage.ts";

const PURPOSE = "log-key";
const ID = "1";
const ORIGIN = "ledger.origin";
const SEED_BYTES = 32;

/**
 * The signer of a tenant's log; its key is made and sealed at the first use.
 *
 * A locked vault gives a signer too, which fails when something is to be signed: what needs no signature goes on.
 */
export async function openSigner(
  { store, vault, random, file }: { store: Store; vault: Vault; random: Random; file: CheckpointFile },
  scope: Scope,
): Promise<CheckpointSigner> {
  let key: SigningKey;
  try {
    key = (await openKey(store, vault, scope)) ?? (await makeKey(store, vault, random, scope));
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code.startsWith("vault.")) return lockedSigner(thrown);
    throw thrown;
  }
  return {
    origin: key.name,
    vkeys: [key.vkey],
    sign: (size, root) => signCheckpoint({ origin: key.name, size, root }, [key]),
    keep: (note) => file.keep(note),
  };
}

async function openKey(store: Store, vault: Vault, scope: Scope): Promise<SigningKey | null> {
  return store.read(async (tx) => {
    const origin = await getSetting(tx, scope, ORIGIN);
    if (origin === null) return null;
    const seed = await vault.openSecret(readableStorage(tx, scope), PURPOSE, ID);
    if (seed === null) throw new Failure("vault.altered", { what: "the ledger's signing key is gone" });
    return keyOf(origin, seed);
  });
}

async function makeKey(store: Store, vault: Vault, random: Random, scope: Scope): Promise<SigningKey> {
  return store.write(async (tx) => {
    const storage = writableStorage(tx, scope);
    const origin = `bursar.invalid/${random.bytes(8).toString("hex")}/${scope.tenant}`;
    const seed = new Secret(random.bytes(SEED_BYTES));
    await vault.putSecret(storage, PURPOSE, ID, seed);
    await setSetting(tx, scope, ORIGIN, origin);
    return keyOf(origin, seed);
  });
}

function keyOf(origin: string, seed: Secret): SigningKey {
  const key = seed.use((bytes) => signingKey(origin, "ed25519", bytes));
  seed.wipe();
  return key;
}

function lockedSigner(failure: Failure): CheckpointSigner {
  const refuse = (): never => {
    throw failure;
  };
  return {
    get origin() {
      return refuse();
    },
    get vkeys() {
      return refuse();
    },
    sign: refuse,
    keep: async () => refuse(),
  };
}
