/** A data key of a tenant, wrapped by the key-encryption key. */
export interface SealedDek {
  readonly version: number;
  /** 16 random bytes that name the key inside the blobs it sealed. */
  readonly keyId: Buffer;
  readonly wrapped: Buffer;
}

export interface SealedSecret {
  readonly purpose: string;
  readonly id: string;
  readonly version: number;
  readonly dekVersion: number;
  readonly blob: Buffer;
}

/** Where one tenant's sealed values stay: a transaction of whoever calls the vault, so that both end together. */
export interface VaultStorage {
  /** Bound into every seal, so that no value can be moved to another tenant. */
  readonly tenant: string;
  /** The oldest first; the last one seals. */
  listDeks(): Promise<readonly SealedDek[]>;
  insertDek(dek: SealedDek): Promise<void>;
  /** The same key, wrapped anew. */
  replaceWrapped(dek: SealedDek): Promise<void>;
  /** Destroys a key with which nothing is sealed any more. */
  deleteDek(version: number): Promise<void>;
  getSecret(purpose: string, id: string): Promise<SealedSecret | null>;
  /** Overwrites an earlier version. */
  putSecret(secret: SealedSecret): Promise<void>;
  deleteSecret(purpose: string, id: string): Promise<void>;
  listSecrets(): Promise<readonly { readonly purpose: string; readonly id: string }[]>;
}
