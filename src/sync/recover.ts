import { Failure, type Scope } from "../domain/index.ts";
import { parseCheckpoint, parseNote, parseVkey, rootAt, type ReadExport } from "../ledger/index.ts";
import { createLog, leafHashes, logState, putCheckpoint, type LogKeyRow, type Tx } from "../store/index.ts";
import { isOfThisTree } from "./guard.ts";
import { logVkeys } from "./log-keys.ts";
import { reappendLeaves, type Reappended } from "./reappend.ts";
import { storedHashes } from "./stored-hashes.ts";
import type { SyncEffects } from "./types.ts";

const LEAVES_A_READ = 4_096;

export interface Recovered extends Reappended {
  /** The first leaf that was missing. */
  readonly from: number;
  /** Leaves of the export, all of which are here now. */
  readonly size: number;
}

/**
 * Appends what the database lacks of an export that has been verified: byte for byte, with all that stands on it.
 *
 * To be called as the tenant's only writer. Rows wait to be built afterwards.
 *
 * @throws Failure `ledger.differs_from_export` naming the first leaf that is another here: nothing is changed then
 */
export async function recoverFrom(
  { store, clock, streams }: Pick<SyncEffects, "store" | "clock" | "streams">,
  scope: Scope,
  source: ReadExport,
): Promise<Recovered> {
  const { size } = source.checkpoint;
  const from = await store.read(async (tx) => {
    const present = (await logState(tx, scope))?.size ?? 0;
    await assertBegins(tx, scope, source, Math.min(present, size));
    return present;
  });
  // Nothing is left: the export gives the log its name too.
  if (from === 0) await store.write((tx) => createLog(tx, scope, { origin: source.checkpoint.origin }));
  const keys = await store.read((tx) => keysAmong(tx, scope, source, from));
  const done = await reappendLeaves({ store, scope, streams }, source.leaves(from, size), keys);
  await store.write(async (tx) => {
    if (!(await isOfThisTree(tx, scope, source.checkpoint))) {
      throw new Failure("ledger.verification", { what: "the appended leaves are not those that the export signs" });
    }
    await putCheckpoint(tx, scope, { size, note: source.note, atMs: clock.now() });
    for (const { handover } of keys) {
      if (handover !== null) await putCheckpoint(tx, scope, { ...handover, atMs: clock.now() });
    }
  });
  return { ...done, from, size };
}

/** The log here must be the beginning of the one in the export. */
async function assertBegins(tx: Tx, scope: Scope, { hashAt }: ReadExport, present: number): Promise<void> {
  if (present === 0) return;
  const there = await rootAt(present, hashAt);
  if (there.equals(await rootAt(present, storedHashes(tx, scope)))) return;
  throw new Failure("ledger.differs_from_export", { leaf: await firstDifferent(tx, scope, hashAt, present) });
}

async function firstDifferent(tx: Tx, scope: Scope, hashAt: ReadExport["hashAt"], present: number): Promise<number> {
  for (let from = 0; from < present; from += LEAVES_A_READ) {
    const hashes = await leafHashes(tx, scope, from, Math.min(present, from + LEAVES_A_READ));
    for (const [offset, hash] of hashes.entries()) {
      if (!hash.equals(Buffer.from(await hashAt(0, from + offset)))) return from + offset;
    }
  }
  return present;
}

interface KeyAmong extends LogKeyRow {
  readonly handover: { readonly size: number; readonly note: string } | null;
}

/** Keys that the missing leaves name, each with the checkpoint that it signed together with the one before it. */
async function keysAmong(tx: Tx, scope: Scope, source: ReadExport, from: number): Promise<KeyAmong[]> {
  const known = from === 0 ? [] : await logVkeys(tx, scope);
  const found: KeyAmong[] = [];
  for await (const { index, leaf, payload } of source.leaves(from, source.checkpoint.size)) {
    const isGenesis = index === 0;
    // A leaf that is no key's is not parsed: there may be a million of them.
    if (payload === null || !(isGenesis || Buffer.from(leaf).includes('"t":"key"'))) continue;
    for (const vkey of (JSON.parse(payload) as { vkeys: string[] }).vkeys) {
      known.push(vkey);
      // The first keys stand in the genesis leaf alone.
      if (isGenesis) continue;
      const note = handoverOf(source, index, known.slice(-2));
      const handover = note === undefined ? null : { size: parseCheckpoint(note).size, note };
      found.push({ keyNo: known.length, vkey, leafIndex: index, handoverSize: handover?.size ?? null, handover });
    }
  }
  return found;
}

function handoverOf(
  { continuations, note }: ReadExport,
  leafIndex: number,
  vkeys: readonly string[],
): string | undefined {
  const keys = vkeys.map(parseVkey);
  const notes = [...continuations.map(({ checkpoint }) => checkpoint), note];
  return notes.find((one) => {
    // The export was verified, so that a line of a key is its signature.
    const { signatures } = parseNote(one);
    const isOfBoth = keys.every(({ name, keyId }) =>
      signatures.some((line) => line.name === name && line.keyId === keyId),
    );
    return isOfBoth && parseCheckpoint(one).size > leafIndex;
  });
}
