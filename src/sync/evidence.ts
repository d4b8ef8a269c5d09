import { Failure, type Scope } from "../domain/index.ts";
import {
  consistencyProof,
  formatTlogProof,
  inclusionProof,
  leafHash,
  parseCheckpoint,
  parseLeaf,
  rootOf,
  type Continuation,
  type HashAt,
  type LedgerSource,
  type SourceLeaf,
} from "../ledger/index.ts";
import {
  closedCheckpoint,
  erasedClosedLeaves,
  findCheckpoint,
  findClosedCheckpoint,
  latestCheckpoint,
  listClosedLogs,
  listLogKeys,
  readClosedLeaves,
  readLeaves,
  type Store,
  type StoredLeaf,
  type Tx,
} from "../store/index.ts";
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
      handovers: await handovers(tx, scope),
      witnessVkeys: await witnessVkeys(tx, scope, signed.note),
      leaves: (from, to) => leavesOf(from, to, (at, end) => store.read((tx) => readLeaves(tx, scope, at, end))),
    };
  });
}

/**
 * A log of the tenant that ended, as an export reads it: the largest tree that was signed and is here whole.
 *
 * @throws Failure `access.unknown` when there is no such log, `ledger.unsigned` when nothing of it was signed here
 */
export async function closedLedgerSource(store: Store, scope: Scope, logNo: number): Promise<LedgerSource> {
  return store.read(async (tx) => {
    const log = (await listClosedLogs(tx, scope)).find((one) => one.logNo === logNo);
    if (log === undefined) throw new Failure("access.unknown", { what: "log", field: "log" });
    const signed = await closedCheckpoint(tx, scope, logNo);
    if (signed === null) throw new Failure("ledger.unsigned");
    const { size } = parseCheckpoint(signed.note);
    const source: LedgerSource = {
      checkpoint: signed.note,
      vkeys: log.keys.filter(({ handover }) => (handover?.leafIndex ?? 0) < size).map(({ vkey }) => vkey),
      leaves: (from, to) =>
        leavesOf(from, to, (at, end) => store.read((tx) => readClosedLeaves(tx, scope, logNo, at, end))),
      witnessVkeys: await witnessVkeys(tx, scope, signed.note),
    };
    const handovers: Continuation[] = [];
    for (const { handover } of log.keys) {
      if (handover === null) continue;
      const { leafIndex: old, handoverSize } = handover;
      const both = handoverSize === null ? null : await findClosedCheckpoint(tx, scope, logNo, handoverSize);
      if (both === null) continue;
      const hashes = await consistencyProof(old, both.size, await hashesOf(source, both.size));
      handovers.push({ old, hashes, checkpoint: both.note });
    }
    return { ...source, handovers };
  });
}

/**
 * How many contents of a log that ended were erased since: no leaf of it says so, and none can any more, so that it proves
 * no content as a whole.
 */
export async function erasedSinceClosed(store: Store, scope: Scope, logNo: number): Promise<number> {
  return store.read(async (tx) => {
    const erased = Map.groupBy(await erasedClosedLeaves(tx, scope, logNo), ({ by }) => by);
    let since = 0;
    for (const [by, leaves] of erased) {
      const [order] = await readClosedLeaves(tx, scope, logNo, by, by + 1);
      const named = new Set(order === undefined ? [] : namedBy(order));
      since += leaves.filter(({ index }) => !named.has(index)).length;
    }
    return since;
  });
}

function namedBy({ leaf, payload }: Pick<StoredLeaf, "leaf" | "payload">): readonly number[] {
  if (payload === null || parseLeaf(leaf).t !== "erase") return [];
  return (JSON.parse(payload) as { readonly leaves: readonly number[] }).leaves;
}

/** Hashes of a tree that no tiles are kept of: 32 bytes a leaf, for the rare log that changed keys before it ended. */
async function hashesOf(source: LedgerSource, size: number): Promise<HashAt> {
  const hashes: Buffer[] = [];
  for await (const { leaf } of source.leaves(0, size)) hashes.push(leafHash(leaf));
  return (level, index) => rootOf(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

async function* leavesOf(
  from: number,
  to: number,
  read: (from: number, to: number) => Promise<readonly Omit<StoredLeaf, "leafHash">[]>,
): AsyncGenerator<SourceLeaf> {
  for (let at = from; at < to; at += LEAVES_A_READ) {
    for (const { index, leaf, salt, payload, erasedBy } of await read(at, Math.min(to, at + LEAVES_A_READ))) {
      if (erasedBy !== null) yield { index, leaf, salt: null, payload: null, erasedBy };
      else if (salt !== null && payload !== null) yield { index, leaf, salt, payload, erasedBy: null };
      else throw new Failure("ledger.verification", { what: `the payload of leaf ${index} is missing` });
    }
  }
}

/** How the log changed keys: what a reader who has an older key alone needs to trust the newer one. */
async function handovers(tx: Tx, scope: Scope): Promise<Continuation[]> {
  const found: Continuation[] = [];
  for (const { leafIndex, handoverSize } of await listLogKeys(tx, scope)) {
    // Null while both have yet to sign a checkpoint.
    const both = handoverSize === null ? null : await findCheckpoint(tx, scope, handoverSize);
    if (both === null) continue;
    const hashes = await consistencyProof(leafIndex, both.size, storedHashes(tx, scope));
    found.push({ old: leafIndex, hashes, checkpoint: both.note });
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
    return proofOf(stored, { size, note: signed.note }, storedHashes(tx, scope), scope);
  });
}

/** So many are made in one reading of the database. */
const PROOFS_A_READ = 512;
/** Leaves that are read and left out between two that are asked for cost less than another query. */
const WIDEST_GAP = 64;

/**
 * The evidence of many records in the tree of one checkpoint, in the order of their leaves. As `recordProof` each.
 *
 * @param checkpoint one of this log, verbatim as it is to stand in the proofs
 * @param indices ascending
 */
export async function* recordProofs(
  store: Store,
  scope: Scope,
  checkpoint: string,
  indices: readonly number[],
): AsyncGenerator<{ readonly index: number; readonly proof: string }> {
  const { size } = parseCheckpoint(checkpoint);
  for (let at = 0; at < indices.length; at += PROOFS_A_READ) {
    const wanted = indices.slice(at, at + PROOFS_A_READ);
    const asked = new Set(wanted);
    yield* await store.read(async (tx) => {
      const hashAt = storedHashes(tx, scope);
      const proofs: { index: number; proof: string }[] = [];
      for (const { from, to } of stretches(wanted)) {
        for (const stored of await readLeaves(tx, scope, from, to)) {
          if (!asked.has(stored.index)) continue;
          proofs.push({ index: stored.index, proof: await proofOf(stored, { size, note: checkpoint }, hashAt, scope) });
        }
      }
      if (proofs.length < wanted.length) throw new Failure("ledger.verification", { what: "a leaf is missing" });
      return proofs;
    });
  }
}

function stretches(ascending: readonly number[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const index of ascending) {
    const last = found.at(-1);
    if (last !== undefined && index - last.to <= WIDEST_GAP) last.to = index + 1;
    else found.push({ from: index, to: index + 1 });
  }
  return found;
}

async function proofOf(
  { index, leaf, payload, salt }: StoredLeaf,
  { size, note }: { readonly size: number; readonly note: string },
  hashAt: HashAt,
  scope: Scope,
): Promise<string> {
  const isHidden = payload === null || salt === null || scope.privacy.mode !== "named";
  return formatTlogProof({
    index,
    leaf: leaf.toString("latin1"),
    content: isHidden ? null : { payload, salt },
    hashes: await inclusionProof(index, size, hashAt),
    checkpoint: note,
  });
}
