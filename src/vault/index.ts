export { createKekFile, installKekFile, readKekFile, type KeyProvider } from "./kek.ts";
export { IV_BYTES, seal, unseal, type SealingKey } from "./seal.ts";
export { Secret } from "./secret.ts";
export type { SealedDek, SealedSecret, VaultStorage } from "./storage.ts";
export { rewrapDeks, Vault, type Locked } from "./vault.ts";
