import { Failure, type FailureCode, type Scope } from "../domain/index.ts";
import {
  ledgerErrorAsNull,
  nullIfLedgerError,
  parseCheckpoint,
  parseVkey,
  rootAt,
  verifyCheckpoint,
  type Checkpoint,
} from "../ledger/index.ts";
import { latestCheckpoint, logState, revisionOf, type Revision, type Store, type Tx } from "../store/index.ts";
import { genesisOf, logVkeys } from "./log-keys.ts";
import { storedHashes } from "./stored-hashes.ts";
import type { CheckpointSigner } from "./types.ts";

/** Why the database may not be what was signed last. Nothing is appended or signed until an operator has decided. */
export interface LogTrouble {
  readonly kind: "behind" | "differs" | "other_log" | "checkpoint_lost" | "checkpoint_unreadable";
  /** Leaves that the kept checkpoint signs; null when there is none to read. */
  readonly signed: number | null;
  /** Leaves in the database. */
  readonly present: number;
}

/**
 * Holds the database against the checkpoint that is kept outside it.
 *
 * - `behind`: it ends before what was signed last, as a restored backup does
 * - `differs`: it has as many leaves, and they are not those that were signed
 * - `other_log`: what was signed last is of another log
 * - `checkpoint_lost`: something was signed, and the kept checkpoint is gone
 * - `checkpoint_unreadable`: what is kept is no checkpoint that this log has signed
 *
 * @param kept the text that is kept, or null when there is none
 * @param isOfTree how to find out whether a checkpoint is of this tree
 */
export async function logTrouble(
  tx: Tx,
  scope: Scope,
  kept: string | null,
  isOfTree = isOfThisTree,
): Promise<LogTrouble | null> {
  const state = await logState(tx, scope);
  const present = state?.size ?? 0;
  if (kept === null) {
    const isUnsigned = state === null || (await latestCheckpoint(tx, scope)) === null;
    return isUnsigned ? null : { kind: "checkpoint_lost", signed: null, present };
  }
  const signed = ledgerErrorAsNull(() => parseCheckpoint(kept));
  if (signed === null) return { kind: "checkpoint_unreadable", signed: null, present };
  const trouble = (kind: LogTrouble["kind"]): LogTrouble => ({ kind, signed: signed.size, present });
  if (state === null) return trouble("behind");
  if (signed.origin !== state.origin) {
    if (!(await isPredecessor(tx, scope, kept))) return trouble("other_log");
    // A new log has begun. Once it was signed, its own checkpoint is kept.
    return (await latestCheckpoint(tx, scope)) === null ? null : trouble("checkpoint_lost");
  }
  if (signed.size > present) return trouble("behind");
  if (!(await isOfTree(tx, scope, signed))) return trouble("differs");
  // Only now: of a log that is behind, the key that signed may be named by a leaf that is missing.
  const keys = (await logVkeys(tx, scope)).map(parseVkey);
  return ledgerErrorAsNull(() => verifyCheckpoint(kept, keys)) === null ? trouble("checkpoint_unreadable") : null;
}

/** @throws Failure `ledger.rolled_back`, `ledger.checkpoint_lost`, `ledger.checkpoint_unreadable` */
export async function assertContinues(store: Store, scope: Scope, kept: string | null): Promise<void> {
  const trouble = await store.read((tx) => logTrouble(tx, scope, kept));
  if (trouble !== null) throw troubleFailure(trouble);
}

export function troubleFailure({ kind, signed, present }: LogTrouble): Failure {
  return new Failure(FAILURES[kind], { kind, signed, present });
}

/**
 * Takes the database's last checkpoint over as the kept one, when that was lost. For an operator who knows that this
 * database is the newest there is.
 *
 * @throws Failure `ledger.checkpoint_there` when one is kept, `ledger.rolled_back` or `ledger.differs` when it says more
 * than the database does: it is never written over.
 * @returns the size it signs, or null when nothing was signed
 */
export async function restoreCheckpoint(
  store: Store,
  scope: Scope,
  signer: Pick<CheckpointSigner, "keep" | "lastKept">,
): Promise<number | null> {
  const kept = await signer.lastKept();
  const latest = await store.read(async (tx) => {
    const trouble = await logTrouble(tx, scope, kept);
    if (trouble === null && kept !== null) {
      throw new Failure("ledger.checkpoint_there", { signed: parseCheckpoint(kept).size });
    }
    const latest = await latestCheckpoint(tx, scope);
    if (trouble === null) return null;
    const isLost = trouble.kind === "checkpoint_lost" || trouble.kind === "checkpoint_unreadable";
    if (!isLost || latest === null) throw troubleFailure(trouble);
    if ((await logTrouble(tx, scope, latest.note)) !== null) {
      throw new Failure("ledger.verification", { what: "the last checkpoint in the database is not of its leaves" });
    }
    return latest;
  });
  if (latest !== null) await signer.keep(latest.note);
  return latest?.size ?? null;
}

/** Whether the stored log has this root at this size. */
export async function isOfThisTree(tx: Tx, scope: Scope, { size, root }: Checkpoint): Promise<boolean> {
  // Where hashes are missing it is not the tree that was signed, whichever it is.
  const present = await rootAt(size, storedHashes(tx, scope)).catch(nullIfLedgerError);
  return present?.equals(root) === true;
}

/** Checkpoints that were found in a tree, by the state of the rows. */
const found = new WeakMap<Revision, string>();

/**
 * The same for whoever only asks how it is, again and again: it is worked out once, until a sync commits something. What
 * somebody changes in the database by hand meanwhile is seen by those who append, and by `bursar doctor`.
 */
export async function wasOfThisTree(tx: Tx, scope: Scope, checkpoint: Checkpoint): Promise<boolean> {
  const revision = await revisionOf(tx, scope);
  const key = `${checkpoint.size} ${checkpoint.root.toString("base64")}`;
  if (revision !== null && found.get(revision) === key) return true;
  const isOf = await isOfThisTree(tx, scope, checkpoint);
  if (revision !== null && isOf) found.set(revision, key);
  return isOf;
}

/** Whether the log's genesis names this very checkpoint as the last one of the log before it. */
async function isPredecessor(tx: Tx, scope: Scope, kept: string): Promise<boolean> {
  return (await genesisOf(tx, scope))?.predecessor?.checkpoint === kept;
}

const FAILURES = {
  behind: "ledger.rolled_back",
  differs: "ledger.differs",
  other_log: "ledger.differs",
  checkpoint_lost: "ledger.checkpoint_lost",
  checkpoint_unreadable: "ledger.checkpoint_lost",
} as const satisfies Record<LogTrouble["kind"], FailureCode>;
