export { createKekFile, readKekFile, type KeyProvider } from "./kek.ts";
export { Secret } from "./secret.ts";
export type { SealedDek, SealedSecret, VaultStorage } from "./storage.ts";
export { Vault, type Locked } from "./vault.ts";
