import { Failure, type Json, type Scope } from "../domain/index.ts";
import { canonicalJson, commitment, ledgerErrorAsNull, parseCheckpoint, parseLeaf } from "../ledger/index.ts";
import {
  appendLeaves,
  closeLog,
  importedVersions,
  latestCheckpoint,
  listLogKeys,
  logState,
  moveVersion,
  type ClosedLogKey,
  type ImportedVersion,
  type Tx,
  type WriteTx,
} from "../store/index.ts";
import { LogAppender } from "./log.ts";
import { genesisOf } from "./log-keys.ts";
import { clearSigningAlarm } from "./signing-alarm.ts";
import { appendOwn, beginLog, type Predecessor } from "./tenant-log.ts";
import type { SyncEffects } from "./types.ts";

/** Leaves whose hashes and salts are made in one go. */
const BATCH = 2_000;

export interface NewLog {
  readonly origin: string;
  /** Number under which the old log is kept. */
  readonly closed: number;
  /** Leaves of the old log that are kept. */
  readonly kept: number;
  /** Versions of records that the new log took over. */
  readonly versions: number;
  /** Versions whose content is not what the old log committed to: they stay behind, and their rows wait to be built. */
  readonly leftOut: number;
}

/**
 * The checkpoint that a new log names: what is kept outside the database, or the last one that the database knows when
 * nothing readable is kept.
 *
 * @throws Failure `ledger.unsigned` when nothing was ever signed
 */
export async function lastCheckpointOf(tx: Tx, scope: Scope, kept: string | null): Promise<string> {
  const isReadable = kept !== null && ledgerErrorAsNull(() => parseCheckpoint(kept)) !== null;
  const note = isReadable ? kept : (await latestCheckpoint(tx, scope))?.note;
  if (note === undefined || (await logState(tx, scope)) === null) throw new Failure("ledger.unsigned");
  return note;
}

/**
 * Ends the tenant's log and begins another, whose genesis names the last checkpoint of the old one.
 *
 * All in one transaction: versions of records are appended to the new log as imported ones, each saying which leaf of
 * the old log it was. Nothing is signed yet: `publishCheckpoint` does that, and until then the kept checkpoint is the one
 * that the genesis names.
 *
 * @throws Failure `vault.locked`, `ledger.key_lost`
 */
export async function beginNewLog(
  tx: WriteTx,
  effects: Pick<SyncEffects, "clock" | "random" | "signer">,
  scope: Scope,
  { checkpoint, reason, key }: Predecessor & { readonly key: "kept_key" | "new_key" },
): Promise<NewLog> {
  const state = (await logState(tx, scope))!;
  const closedMs = effects.clock.now();
  const closed = await closeLog(tx, scope, { closedMs, reason, keys: await keysOf(tx, scope) });
  await beginLog(tx, effects, scope, { checkpoint, reason }, key);
  // What a witness objected to was the old log.
  await clearSigningAlarm(tx, scope);
  const { versions, leftOut } = await importVersions(tx, effects, scope, closed);
  const begun = (await logState(tx, scope))!;
  const facts = { event: "ledger.log_begun", by: scope.principal, reason, closed_leaves: state.size };
  await appendOwn(tx, effects, scope, { t: "audit", payload: { ...facts, versions, left_out: leftOut } });
  return { origin: begun.origin, closed, kept: state.size, versions, leftOut };
}

async function keysOf(tx: Tx, scope: Scope): Promise<ClosedLogKey[]> {
  // A log whose genesis was damaged can be ended too.
  const first = (await genesisOf(tx, scope))?.vkeys ?? [];
  const later = await listLogKeys(tx, scope);
  return [
    ...first.map((vkey) => ({ vkey, handover: null })),
    ...later.map(({ vkey, leafIndex, handoverSize }) => ({ vkey, handover: { leafIndex, handoverSize } })),
  ];
}

async function importVersions(
  tx: WriteTx,
  { clock, random }: Pick<SyncEffects, "clock" | "random">,
  scope: Scope,
  closed: number,
): Promise<{ versions: number; leftOut: number }> {
  const done = { versions: 0, leftOut: 0 };
  let appender = new LogAppender((await logState(tx, scope))!, clock.now(), random);
  let pending = 0;
  const flush = async (): Promise<void> => {
    const state = await appendLeaves(tx, scope, appender.finish(), appender.atMs);
    appender = new LogAppender(state, clock.now(), random);
    pending = 0;
  };
  // Versions of a record come one after the other.
  let last: Placed | null = null;
  for await (const version of importedVersions(tx, scope, closed)) {
    const payload = importedPayload(version);
    if (payload === null) {
      done.leftOut += 1;
      await moveVersion(tx, scope, version, null);
      continue;
    }
    const { id, stream } = version;
    const before: Placed | null = last?.id === id ? last : null;
    const ver: number = (before?.ver ?? 0) + 1;
    const { t } = parseLeaf(version.leaf);
    const leafIndex = appender.add({ t, s: stream, payload, of: { id, ver, prev: before?.leafIndex ?? null } });
    await moveVersion(tx, scope, version, { leafIndex, ver });
    last = { id, ver, leafIndex };
    done.versions += 1;
    pending += 1;
    if (pending >= BATCH) await flush();
  }
  await flush();
  return done;
}

/** Where a version stands in the new log. */
interface Placed {
  readonly id: string;
  readonly ver: number;
  readonly leafIndex: number;
}

/**
 * The payload as the new log takes it over: `obs` names a leaf of the old log and says nothing here; `imported` says
 * which leaf it was, and when. Null when the content is not what was committed to.
 */
function importedPayload({ leaf, salt, payload, leafIndex }: ImportedVersion): string | null {
  const { at, c, t } = parseLeaf(leaf);
  if (payload === null || salt === null || commitment(salt, payload) !== c) return null;
  if (t !== "rec" && t !== "gone") return null;
  const { imported, rerecorded, ...told } = JSON.parse(payload) as Record<string, Json>;
  // Of a record that was taken over before: when it was first seen.
  return canonicalJson({ ...told, obs: null, imported: imported ?? rerecorded ?? { at, leaf: leafIndex } });
}
