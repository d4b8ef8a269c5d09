import { Failure, type Json, type Scope } from "../domain/index.ts";
import { canonicalJson, Edge, rootAt } from "../ledger/index.ts";
import {
  appendLeaves,
  createLog,
  keepRevision,
  latestCheckpoint,
  logState,
  putCheckpoint,
  setHandover,
  type WriteTx,
} from "../store/index.ts";
import { logTrouble, troubleFailure } from "./guard.ts";
import { LogAppender } from "./log.ts";
import { signingKeys } from "./log-keys.ts";
import { signingAlarm } from "./signing-alarm.ts";
import { storedHashes } from "./stored-hashes.ts";
import type { SyncEffects } from "./types.ts";

type LogEffects = Pick<SyncEffects, "store" | "clock" | "random" | "signer">;

/** The log before this one, which ended: the last checkpoint that it signed, and why another one goes on. */
export interface Predecessor {
  readonly checkpoint: string;
  readonly reason: string;
}

/** Begins the tenant's log with its genesis leaf, unless it has begun. */
export async function ensureLog(effects: LogEffects, scope: Scope): Promise<void> {
  const { store } = effects;
  if ((await store.read((tx) => logState(tx, scope))) !== null) return;
  await store.write(async (tx) => {
    if ((await logState(tx, scope)) === null) await beginLog(tx, effects, scope);
  });
}

/** Begins a log in the caller's transaction. The tenant must have none; `key` is for one that goes on from another. */
export async function beginLog(
  tx: WriteTx,
  { clock, random, signer }: Omit<LogEffects, "store">,
  scope: Scope,
  predecessor?: Predecessor,
  key?: "kept_key" | "new_key",
): Promise<void> {
  const { origin, vkeys } = await signer.begin(tx, key);
  const empty = await createLog(tx, scope, { origin });
  const log = new LogAppender(empty, clock.now(), random);
  const createdAt = new Date(log.atMs).toISOString();
  const genesis = { created_at: createdAt, format: "ledger/1", origin, vkeys: [...vkeys] };
  const named = predecessor === undefined ? {} : { predecessor: { ...predecessor } };
  log.add({ t: "genesis", s: "app", payload: canonicalJson({ ...genesis, ...named }) });
  await appendLeaves(tx, scope, log.finish(), log.atMs);
}

/**
 * Adds one leaf about ourselves (a run's summary, a security event, a new key) in the caller's transaction.
 *
 * @returns its index
 */
export async function appendOwn(
  tx: WriteTx,
  { clock, random }: Pick<SyncEffects, "clock" | "random">,
  scope: Scope,
  leaf: { readonly t: "run" | "audit" | "key"; readonly payload: Json },
): Promise<number> {
  const log = new LogAppender((await logState(tx, scope))!, clock.now(), random);
  const index = log.add({ t: leaf.t, s: "app", payload: canonicalJson(leaf.payload) });
  await appendLeaves(tx, scope, log.finish(), log.atMs);
  return index;
}

/** What one of our own security events says. */
type OwnEvent = { readonly event: string } & Readonly<Record<string, Json>>;

/** Records one of our own security events. `by` is the principal of the scope. */
export async function appendAudit(effects: LogEffects, scope: Scope, event: OwnEvent): Promise<void> {
  await ensureLog(effects, scope);
  await effects.store.write((tx) => appendEvent(tx, effects, scope, event));
}

/**
 * The same of a look, which changed nothing: what was worked out from the rows is not worked out again for the next
 * one because this one left a leaf.
 */
export async function appendLook(effects: LogEffects, scope: Scope, event: OwnEvent): Promise<void> {
  const { store } = effects;
  await ensureLog(effects, scope);
  const grown = await store.write(async (tx) => {
    const from = (await logState(tx, scope))!;
    await appendEvent(tx, effects, scope, event);
    return { from, to: (await logState(tx, scope))! };
  });
  await store.read((tx) => keepRevision(tx, scope, grown));
}

function appendEvent(tx: WriteTx, effects: LogEffects, scope: Scope, event: OwnEvent): Promise<number> {
  return appendOwn(tx, effects, scope, { t: "audit", payload: { ...event, by: scope.principal } });
}

/**
 * Signs the log's present size, unless it is signed already.
 *
 * The new tree must extend the one that is kept outside the database: its root at that size is computed again from the
 * stored hashes. The note is kept there before the database, and so anyone, can see it. One process signs at a time, so
 * that an older note never takes a newer one's place.
 *
 * While the log changes keys, both sign; with that the change is done. While a witness objects nothing is signed.
 *
 * @throws Failure `ledger.rolled_back` and its like; `ledger.verification` when the log does not lead to its own root
 * @returns the signed size.
 */
export async function publishCheckpoint(
  { store, clock, signer }: Pick<LogEffects, "store" | "clock" | "signer">,
  scope: Scope,
): Promise<number> {
  return store.write(async (tx) => {
    // Taken first: it keeps other processes from signing meanwhile.
    const state = (await logState(tx, scope))!;
    const trouble = await logTrouble(tx, scope, await signer.lastKept());
    if (trouble !== null) throw troubleFailure(trouble);
    const last = await latestCheckpoint(tx, scope);
    if (last?.size === state.size) return state.size;
    // A witness objects: recording goes on, and what was signed stays all that is.
    if ((await signingAlarm(tx, scope)) !== null) return last?.size ?? 0;
    const root = await rootAt(state.size, storedHashes(tx, scope));
    if (!root.equals(new Edge(state.size, state.edge).root())) {
      // Whatever is appended grows from the edge: signing another tree would make every later leaf a failure.
      throw new Failure("ledger.verification", { what: "the log's right edge is not that of its leaves" });
    }
    const { keys, isHandover } = await signingKeys(tx, scope);
    const note = await signer.sign(tx, { origin: state.origin, size: state.size, root }, keys);
    await signer.keep(note);
    await putCheckpoint(tx, scope, { size: state.size, note, atMs: clock.now() });
    if (isHandover) {
      const [older, newer] = keys;
      await setHandover(tx, scope, newer!.keyNo, state.size);
      await signer.retireKey(tx, older!.keyNo);
    }
    return state.size;
  });
}
