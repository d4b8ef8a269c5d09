import { Failure, type Scope } from "../domain/index.ts";
import {
  consistencyProof,
  formatTlogProof,
  inclusionProof,
  parseCheckpoint,
  type Continuation,
  type LedgerSource,
  type SourceLeaf,
} from "../ledger/index.ts";
import { findCheckpoint, latestCheckpoint, listLogKeys, readLeaves, type Store, type Tx } from "../store/index.ts";
import { witnessVkeys } from "./anchor-evidence.ts";
import { logVkeys } from "./log-keys.ts";
import { storedHashes } from "./stored-hashes.ts";

const LEAVES_A_READ = 4_096;

/**
 * The tenant's log as an export reads it: the tree of the latest signed checkpoint, a few thousand leaves at a time.
 *
 * @throws Failure `ledger.unsigned` when nothing was signed yet.
 */
export async function ledgerSource(store: Store, scope: Scope): Promise<LedgerSource> {
  return store.read(async (tx) => {
    const signed = await latestCheckpoint(tx, scope);
    if (signed === null) throw new Failure("ledger.unsigned");
    const { size } = parseCheckpoint(signed.note);
    return {
      checkpoint: signed.note,
      vkeys: await logVkeys(tx, scope, size),
      handovers: await handovers(tx, scope, size),
      witnessVkeys: await witnessVkeys(tx, scope, signed.note),
      leaves: async function* (from: number, to: number): AsyncGenerator<SourceLeaf> {
        for (let at = from; at < to; at += LEAVES_A_READ) {
          const leaves = await store.read((tx) => readLeaves(tx, scope, at, Math.min(to, at + LEAVES_A_READ)));
          for (const { index, leaf, salt, payload, erasedBy } of leaves) {
            if (erasedBy !== null) yield { index, leaf, salt: null, payload: null, erasedBy };
            else if (salt !== null && payload !== null) yield { index, leaf, salt, payload, erasedBy: null };
            else throw new Failure("ledger.verification", { what: `the payload of leaf ${index} is missing` });
          }
        }
      },
    };
  });
}

/** How the tree of this size changed keys: what a reader who has an older key alone needs to trust the newer one. */
async function handovers(tx: Tx, scope: Scope, size: number): Promise<Continuation[]> {
  const found: Continuation[] = [];
  for (const { leafIndex, handoverSize } of await listLogKeys(tx, scope)) {
    const signed = handoverSize === null || handoverSize > size ? null : await findCheckpoint(tx, scope, handoverSize);
    if (signed === null) continue;
    const hashes = await consistencyProof(leafIndex, signed.size, storedHashes(tx, scope));
    found.push({ old: leafIndex, hashes, checkpoint: signed.note });
  }
  return found;
}

/**
 * One record's evidence as a `.tlog-proof`: the leaf, its payload and salt, its way to the signed root. Whoever may not
 * see people gets it without payload and salt: it proves that something was recorded, not what.
 */
export async function recordProof(store: Store, scope: Scope, leafIndex: number): Promise<string> {
  return store.read(async (tx) => {
    const signed = await latestCheckpoint(tx, scope);
    const size = signed === null ? 0 : parseCheckpoint(signed.note).size;
    if (signed === null || leafIndex < 0 || leafIndex >= size) {
      const problem = size === 0 ? "nothing is signed yet" : `the signed log has leaves 0 to ${size - 1}`;
      throw new Failure("input.invalid", {
        field: "index",
        problem,
        remedy: "Run bursar sync, or give a smaller index.",
      });
    }
    const [stored] = await readLeaves(tx, scope, leafIndex, leafIndex + 1);
    if (stored === undefined) throw new Failure("ledger.verification", { what: `leaf ${leafIndex} is missing` });
    const hashes = await inclusionProof(leafIndex, size, storedHashes(tx, scope));
    const { leaf, payload, salt } = stored;
    const isHidden = payload === null || salt === null || scope.privacy.mode !== "named";
    return formatTlogProof({
      index: leafIndex,
      leaf: leaf.toString("latin1"),
      content: isHidden ? null : { payload, salt },
      hashes,
      checkpoint: signed.note,
    });
  });
}
