import { credential, local, type FailureKind } from "./failure-kind.ts";

/** Sealed values and the keys above them. */
export const VAULT_FAILURES = {
  "vault.locked": {
    ...credential,
    status: 503,
    says: "The vault is locked: {problem}.",
    hint: "Give the key-encryption key of this data folder (BURSAR_KEK_FILE). The record stays readable; nothing was rewritten.",
  },
  "vault.altered": {
    ...credential,
    status: 503,
    says: "A sealed value of this tenant cannot be opened ({what}).",
    hint: "It was altered or moved. Connect the key again.",
  },
  "vault.kek_file": {
    ...local,
    says: "The key-encryption key in {path} cannot be used ({problem}).",
    hint: "It is 32 bytes (raw, or 64 hex digits), and the file's mode at most 0640.",
  },
} as const satisfies Record<string, FailureKind>;
