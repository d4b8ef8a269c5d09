import { Failure, isFailure, type Random, type Scope } from "../domain/index.ts";
import { signCheckpoint, signingKey, type SigningKey } from "../ledger/index.ts";
import { getSetting, setSetting, type Tx, type WriteTx } from "../store/index.ts";
import type { CheckpointSigner, LogKey } from "../sync/index.ts";
import { Secret, type Vault } from "../vault/index.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { readableStorage, writableStorage } from "./vault-storage.ts";

const PURPOSE = "log-key";
const FIRST = 1;
const ORIGIN = "ledger.origin";
const SEED_BYTES = 32;

/**
 * The signer of a tenant's log. It holds no key: each is opened for one signature, so that a change of keys in another
 * process is seen at once, and a locked vault stops nothing but signing.
 */
export function createSigner(
  { vault, random, file }: { readonly vault: Vault; readonly random: Random; readonly file: CheckpointFile },
  scope: Scope,
): CheckpointSigner {
  const newSeed = (): Secret => new Secret(random.bytes(SEED_BYTES));
  return {
    async begin(tx, after) {
      const before = await originOf(tx, scope);
      if (before !== null && after === undefined) {
        const { vkey } = await openKey(vault, tx, scope, before, FIRST);
        return { origin: before, vkeys: [vkey] };
      }
      const seed = after === "kept_key" ? await newestSeed(vault, tx, scope) : newSeed();
      for (const keyNo of await keptKeys(tx, scope)) await retire(vault, tx, scope, keyNo);
      const origin = `bursar.invalid/${random.bytes(8).toString("hex")}/${scope.tenant}`;
      await vault.putSecret(writableStorage(tx, scope), PURPOSE, String(FIRST), seed);
      await setSetting(tx, scope, ORIGIN, origin);
      return { origin, vkeys: [keyOf(origin, seed).vkey] };
    },
    async addKey(tx, keyNo) {
      const seed = newSeed();
      await vault.putSecret(writableStorage(tx, scope), PURPOSE, String(keyNo), seed);
      return { vkey: keyOf((await originOf(tx, scope))!, seed).vkey };
    },
    retireKey: (tx, keyNo) => retire(vault, tx, scope, keyNo),
    sign: async (tx, checkpoint, keys) => signCheckpoint(checkpoint, await openKeys(vault, tx, scope, keys)),
    checkKeys: async (tx, keys) => void (await openKeys(vault, tx, scope, keys)),
    keep: (note) => file.keep(note),
    lastKept: () => file.read(),
  };
}

function originOf(tx: Tx, scope: Scope): Promise<string | null> {
  return getSetting(tx, scope, ORIGIN);
}

async function openKeys(vault: Vault, tx: Tx, scope: Scope, named: readonly LogKey[]): Promise<SigningKey[]> {
  const origin = await originOf(tx, scope);
  const keys: SigningKey[] = [];
  for (const { keyNo, vkey } of named) {
    const key = origin === null ? null : await openKey(vault, tx, scope, origin, keyNo);
    if (key?.vkey !== vkey) throw new Failure("ledger.key_lost", { what: "it is not the one that the log names" });
    keys.push(key);
  }
  return keys;
}

async function openKey(vault: Vault, tx: Tx, scope: Scope, origin: string, keyNo: number): Promise<SigningKey> {
  return keyOf(origin, await openSeed(vault, tx, scope, keyNo));
}

async function openSeed(vault: Vault, tx: Tx, scope: Scope, keyNo: number): Promise<Secret> {
  try {
    const seed = await vault.openSecret(readableStorage(tx, scope), PURPOSE, String(keyNo));
    if (seed !== null) return seed;
  } catch (cause) {
    if (!isFailure(cause, "vault.altered")) throw cause;
    throw new Failure("ledger.key_lost", { what: "what is sealed was altered" }, { cause });
  }
  throw new Failure("ledger.key_lost", { what: "it is gone" });
}

/** Of a log that ends: its newest key that can be opened at all. */
async function newestSeed(vault: Vault, tx: Tx, scope: Scope): Promise<Secret> {
  return openSeed(vault, tx, scope, Math.max(FIRST, ...(await keptKeys(tx, scope))));
}

async function keptKeys(tx: Tx, scope: Scope): Promise<number[]> {
  const sealed = await readableStorage(tx, scope).listSecrets();
  return sealed.filter(({ purpose }) => purpose === PURPOSE).map(({ id }) => Number(id));
}

function retire(vault: Vault, tx: WriteTx, scope: Scope, keyNo: number): Promise<void> {
  return vault.destroySecret(writableStorage(tx, scope), PURPOSE, String(keyNo));
}

function keyOf(origin: string, seed: Secret): SigningKey {
  const key = seed.use((bytes) => signingKey(origin, "ed25519", bytes));
  seed.wipe();
  return key;
}
