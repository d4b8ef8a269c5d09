import { Failure, type Scope } from "../domain/index.ts";
import { ledgerErrorAsNull, parseCanonical } from "../ledger/index.ts";
import { listLogKeys, readLeaves, type Tx } from "../store/index.ts";
import type { LogKey } from "./types.ts";

/**
 * All keys that the log has named, the oldest first: its genesis leaf says the first ones, and is never erased.
 *
 * @param size only what the tree of this size names
 */
export async function logVkeys(tx: Tx, scope: Scope, size = Number.MAX_SAFE_INTEGER): Promise<string[]> {
  const genesis = await genesisOf(tx, scope);
  if (genesis === null) throw new Failure("ledger.verification", { what: "the genesis payload is missing" });
  const later = (await listLogKeys(tx, scope)).filter(({ leafIndex }) => leafIndex < size);
  return [...genesis.vkeys, ...later.map(({ vkey }) => vkey)];
}

/** What the genesis leaf says, or null when it cannot be read any more. */
export async function genesisOf(tx: Tx, scope: Scope): Promise<Genesis | null> {
  const [leaf] = await readLeaves(tx, scope, 0, 1);
  // Written by `beginLog` alone, or damaged.
  const genesis = ledgerErrorAsNull(() => parseCanonical(leaf?.payload ?? "null") as Partial<Genesis> | null);
  return genesis?.vkeys === undefined ? null : { ...genesis, vkeys: genesis.vkeys };
}

interface Genesis {
  readonly vkeys: readonly string[];
  readonly predecessor?: { readonly checkpoint: string };
}

/** Who signs next: the newest key, and with it the one before as long as no checkpoint of both has been published. */
export async function signingKeys(
  tx: Tx,
  scope: Scope,
): Promise<{ readonly keys: readonly LogKey[]; readonly isHandover: boolean }> {
  const all = (await logVkeys(tx, scope)).map((vkey, at): LogKey => ({ keyNo: at + 1, vkey }));
  const newest = (await listLogKeys(tx, scope)).at(-1);
  const isHandover = newest !== undefined && newest.handoverSize === null;
  return { keys: all.slice(isHandover ? -2 : -1), isHandover };
}
