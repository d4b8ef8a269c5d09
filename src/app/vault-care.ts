import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Failure, type Random } from "../domain/index.ts";
import type { VaultCare } from "../operations/index.ts";
import {
  createKekFile,
  installKekFile,
  readKekFile,
  rewrapDeks,
  type KeyProvider,
  type Locked,
  type Vault,
} from "../vault/index.ts";
import { writableStorage } from "./vault-storage.ts";

export interface VaultCareParts {
  readonly vault: Vault;
  readonly kek: KeyProvider | Locked;
  readonly random: Random;
  readonly dataDir: string;
  /** The operator's own file, or null: then `kek` in the data folder. */
  readonly kekFile: string | null;
}

/** What the operator does with the keys above all sealed values. */
export function createVaultCare({ vault, kek, random, dataDir, kekFile }: VaultCareParts): VaultCare {
  const path = kekFile ?? join(dataDir, "kek");
  return {
    kekFile: path,
    rotateDek: (tx, scope) => vault.rotateDek(writableStorage(tx, scope)),
    openNewKek(file) {
      const chosen = resolve(file);
      if (chosen === path) {
        throw new Failure("input.invalid", {
          field: "new",
          problem: "this is the file of the present key",
          remedy: "Name another file: it is made when it is not there.",
        });
      }
      const isMade = !existsSync(chosen);
      if (isMade) createKekFile(chosen, random);
      const next = readKekFile(chosen, random);
      return {
        file: chosen,
        isMade,
        rewrap: (tx, scope) => rewrapDeks(writableStorage(tx, scope), kek, next),
        install() {
          // The operator's own file is named by a setting, which is the operator's to change.
          if (kekFile !== null) return false;
          installKekFile(chosen, path, random);
          return true;
        },
      };
    },
  };
}
