import { createHmac } from "node:crypto";

import { Failure, isFailure, type Random } from "../domain/index.ts";
import type { KeyProvider } from "./kek.ts";
import { IV_BYTES, KEY_BYTES, KEY_ID_BYTES, seal, unseal, type SealingKey } from "./seal.ts";
import { Secret } from "./secret.ts";
import type { SealedDek, SealedSecret, VaultStorage } from "./storage.ts";

/** Why there is no key-encryption key: the vault is locked, and everything else goes on. */
export interface Locked {
  readonly problem: string;
}

/**
 * Secrets at rest: each sealed by its tenant's data key, which is sealed by the key-encryption key.
 *
 * A value can be put, replaced, destroyed and used; nothing lists or shows it. A vault without its key is locked: it
 * refuses, and never makes another key where something is sealed already.
 */
export class Vault {
  readonly #kek: KeyProvider | Locked;
  readonly #random: Random;

  constructor(kek: KeyProvider | Locked, random: Random) {
    this.#kek = kek;
    this.#random = random;
  }

  /** Why the vault is locked, or null. A key that fits nothing shows only when it is used. */
  get locked(): string | null {
    return "problem" in this.#kek ? this.#kek.problem : null;
  }

  /** Seals a value under a name that must be free. */
  async putSecret(storage: VaultStorage, purpose: string, id: string, secret: Secret): Promise<void> {
    if (await storage.getSecret(purpose, id)) throw new Error(`${purpose} ${id} is sealed already`);
    await this.#seal(storage, purpose, id, 1, secret);
  }

  /** Replaces a value: the next version, written over the one before. */
  async rotateSecret(storage: VaultStorage, purpose: string, id: string, secret: Secret): Promise<void> {
    const before = await storage.getSecret(purpose, id);
    if (!before) throw new Error(`${purpose} ${id} is not sealed`);
    await this.#seal(storage, purpose, id, before.version + 1, secret);
  }

  /**
   * Opens a value, or gives null when nothing has this name. Wipe it after use.
   *
   * @throws Failure `vault.locked`, `vault.altered`
   */
  async openSecret(storage: VaultStorage, purpose: string, id: string): Promise<Secret | null> {
    const sealed = await storage.getSecret(purpose, id);
    if (!sealed) {
      this.#key();
      return null;
    }
    const dek = (await storage.listDeks()).find(({ version }) => version === sealed.dekVersion);
    if (!dek) throw new Failure("vault.altered", { what: `${purpose} ${id}: its data key is missing` });
    return this.#withDek(storage, dek, (key) => {
      const plain = unseal(key, sealed.blob, contextOf(storage, sealed));
      if (!plain) throw new Failure("vault.altered", { what: `${purpose} ${id}` });
      return new Secret(plain);
    });
  }

  async destroySecret(storage: VaultStorage, purpose: string, id: string): Promise<void> {
    await storage.deleteSecret(purpose, id);
  }

  /**
   * Seals every value of a tenant anew under another data key, and destroys the one before. In one transaction, so that
   * nothing is ever sealed by neither.
   *
   * @throws Failure `vault.locked`; `vault.altered` naming the value that cannot be opened: then nothing is changed
   * @returns how many values, and the version of the key that seals them; 0 values and null when nothing was sealed
   */
  async rotateDek(storage: VaultStorage): Promise<{ readonly values: number; readonly version: number | null }> {
    const deks = await storage.listDeks();
    const newest = deks.at(-1);
    if (newest === undefined) {
      this.#key();
      return { values: 0, version: null };
    }
    const dek = await this.#newDek(storage, newest.version + 1);
    const sealed = await storage.listSecrets();
    for (const { purpose, id } of sealed) {
      const secret = (await this.openSecret(storage, purpose, id))!;
      const { version } = (await storage.getSecret(purpose, id))!;
      await this.#sealUnder(storage, dek, { purpose, id, version }, secret);
      secret.wipe();
    }
    for (const { version } of deks) await storage.deleteDek(version);
    return { values: sealed.length, version: dek.version };
  }

  /**
   * Why this vault opens nothing of a tenant, or null: another key-encryption key, or a data key that was altered.
   *
   * A key that fits shows by the data keys alone: no value is opened.
   */
  async problemWith(storage: VaultStorage): Promise<string | null> {
    if (this.locked !== null) return this.locked;
    try {
      for (const dek of await storage.listDeks()) await this.#withDek(storage, dek, () => {});
      return null;
    } catch (thrown) {
      if (isFailure(thrown, "vault.locked")) return String(thrown.facts["problem"]);
      if (isFailure(thrown, "vault.altered")) return "a data key was altered or moved";
      throw thrown;
    }
  }

  /**
   * First eight hex digits of a keyed hash: tells two credentials apart and says nothing about either.
   *
   * The key of the hash is a sealed value of the tenant, made at the first use.
   */
  async fingerprint(storage: VaultStorage, secret: Secret): Promise<string> {
    const key = (await this.openSecret(storage, INSTANCE.purpose, INSTANCE.id)) ?? (await this.#makeInstance(storage));
    const digest = key.use((k) => secret.use((s) => createHmac("sha256", k).update(s).digest("hex")));
    key.wipe();
    return digest.slice(0, 8);
  }

  /**
   * A key for keyed hashes of one kind: always the same for a tenant, and useless for those of another kind. Null where
   * there is nothing to derive it from and `make` does not say to begin with it.
   *
   * It comes with every backup that holds a connection: what was hashed with it can be compared after a restore.
   *
   * @throws Failure `vault.locked`, `vault.altered`
   */
  async hashKey(storage: VaultStorage, kind: string, make: boolean): Promise<Secret | null> {
    const known = await this.openSecret(storage, INSTANCE.purpose, INSTANCE.id);
    const key = known ?? (make ? await this.#makeInstance(storage) : null);
    if (key === null) return null;
    const derived = key.use((bytes) => createHmac("sha256", bytes).update(`hash key: ${kind}`).digest());
    key.wipe();
    return new Secret(derived);
  }

  async #makeInstance(storage: VaultStorage): Promise<Secret> {
    const key = new Secret(this.#random.bytes(KEY_BYTES));
    await this.putSecret(storage, INSTANCE.purpose, INSTANCE.id, key);
    return key;
  }

  async #seal(storage: VaultStorage, purpose: string, id: string, version: number, secret: Secret): Promise<void> {
    const dek = (await storage.listDeks()).at(-1) ?? (await this.#firstDek(storage));
    await this.#sealUnder(storage, dek, { purpose, id, version }, secret);
  }

  async #sealUnder(
    storage: VaultStorage,
    dek: SealedDek,
    place: Pick<SealedSecret, "purpose" | "id" | "version">,
    secret: Secret,
  ): Promise<void> {
    const blob = await this.#withDek(storage, dek, (key) =>
      secret.use((plain) => seal(key, this.#random.bytes(IV_BYTES), plain, contextOf(storage, place))),
    );
    await storage.putSecret({ ...place, dekVersion: dek.version, blob });
  }

  async #firstDek(storage: VaultStorage): Promise<SealedDek> {
    this.#key();
    if ((await storage.listSecrets()).length > 0) {
      throw new Failure("vault.locked", { problem: "values are sealed and their data key is missing" });
    }
    return this.#newDek(storage, 1);
  }

  async #newDek(storage: VaultStorage, version: number): Promise<SealedDek> {
    const key = this.#random.bytes(KEY_BYTES);
    const wrapped = await this.#key().wrap(key, dekContext(storage, version));
    key.fill(0);
    const dek: SealedDek = { version, keyId: this.#random.bytes(KEY_ID_BYTES), wrapped };
    await storage.insertDek(dek);
    return dek;
  }

  /** Unwraps a data key for one use. */
  async #withDek<T>(storage: VaultStorage, dek: SealedDek, use: (key: SealingKey) => T): Promise<T> {
    const key = await this.#key().unwrap(dek.wrapped, dekContext(storage, dek.version));
    try {
      return use({ id: dek.keyId, key });
    } finally {
      key.fill(0);
    }
  }

  #key(): KeyProvider {
    if ("problem" in this.#kek) throw new Failure("vault.locked", { problem: this.#kek.problem });
    return this.#kek;
  }
}

/**
 * Wraps every data key of a tenant anew, so that another key-encryption key opens them. What they seal is not touched.
 *
 * Those that the new key opens already are left: a rotation that ended half way is gone on with.
 *
 * @throws Failure `vault.locked` when neither key opens one, `vault.altered`
 * @returns how many were wrapped anew
 */
export async function rewrapDeks(storage: VaultStorage, from: KeyProvider | Locked, to: KeyProvider): Promise<number> {
  let rewrapped = 0;
  for (const dek of await storage.listDeks()) {
    const context = dekContext(storage, dek.version);
    const already = await opened(to, dek, context);
    already?.fill(0);
    if (already !== null) continue;
    if ("problem" in from) throw new Failure("vault.locked", { problem: from.problem });
    const key = await from.unwrap(dek.wrapped, context);
    await storage.replaceWrapped({ ...dek, wrapped: await to.wrap(key, context) });
    key.fill(0);
    rewrapped += 1;
  }
  return rewrapped;
}

async function opened(kek: KeyProvider, { wrapped }: SealedDek, context: readonly string[]): Promise<Buffer | null> {
  try {
    return await kek.unwrap(wrapped, context);
  } catch (thrown) {
    if (isFailure(thrown, "vault.locked")) return null;
    throw thrown;
  }
}

const INSTANCE = { purpose: "instance", id: "fingerprint" };

function contextOf(
  { tenant }: VaultStorage,
  { purpose, id, version }: Pick<SealedSecret, "purpose" | "id" | "version">,
): string[] {
  return [purpose, tenant, id, String(version)];
}

function dekContext({ tenant }: VaultStorage, version: number): string[] {
  return ["dek", tenant, String(version)];
}
