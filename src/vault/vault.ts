import { createHmac } from "node:crypto";

import { Failure, type Random } from "../domain/index.ts";
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
   * First eight hex digits of a keyed hash: tells two credentials apart and says nothing about either.
   *
   * The key of the hash is a sealed value of the tenant, made at the first use.
   */
  async fingerprint(storage: VaultStorage, secret: Secret): Promise<string> {
    let key = await this.openSecret(storage, INSTANCE.purpose, INSTANCE.id);
    if (!key) {
      key = new Secret(this.#random.bytes(KEY_BYTES));
      await this.putSecret(storage, INSTANCE.purpose, INSTANCE.id, key);
    }
    const digest = key.use((k) => secret.use((s) => createHmac("sha256", k).update(s).digest("hex")));
    key.wipe();
    return digest.slice(0, 8);
  }

  async #seal(storage: VaultStorage, purpose: string, id: string, version: number, secret: Secret): Promise<void> {
    const dek = (await storage.listDeks()).at(-1) ?? (await this.#firstDek(storage));
    const place = { purpose, id, version };
    const blob = await this.#withDek(storage, dek, (key) =>
      secret.use((plain) => seal(key, this.#random.bytes(IV_BYTES), plain, contextOf(storage, place))),
    );
    await storage.putSecret({ ...place, dekVersion: dek.version, blob });
  }

  async #firstDek(storage: VaultStorage): Promise<SealedDek> {
    const kek = this.#key();
    if ((await storage.listSecrets()).length > 0) {
      throw new Failure("vault.locked", { problem: "values are sealed and their data key is missing" });
    }
    const key = this.#random.bytes(KEY_BYTES);
    const wrapped = await kek.wrap(key, dekContext(storage, 1));
    key.fill(0);
    const dek: SealedDek = { version: 1, keyId: this.#random.bytes(KEY_ID_BYTES), wrapped };
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
