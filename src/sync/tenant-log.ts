import type { Json, Scope } from "../domain/index.ts";
import { canonicalJson, parseCheckpoint, rootAt, tileReader, type HashAt } from "../ledger/index.ts";
import { Failure } from "../domain/index.ts";
import {
  appendLeaves,
  createLog,
  latestCheckpoint,
  logState,
  putCheckpoint,
  tileHashes,
  type Tx,
  type WriteTx,
} from "../store/index.ts";
import { LogAppender } from "./log.ts";
import type { SyncEffects } from "./types.ts";

type LogEffects = Pick<SyncEffects, "store" | "clock" | "random" | "signer">;

/** Begins the tenant's log with its genesis leaf, unless it has begun. */
export async function ensureLog({ store, clock, random, signer }: LogEffects, scope: Scope): Promise<void> {
  if ((await store.read((tx) => logState(tx, scope))) !== null) return;
  await store.write(async (tx) => {
    if ((await logState(tx, scope)) !== null) return;
    const { origin, vkeys } = signer;
    const empty = await createLog(tx, scope, { origin });
    const log = new LogAppender(empty, clock.now(), random);
    const createdAt = new Date(log.atMs).toISOString();
    const genesis = { created_at: createdAt, format: "ledger/1", origin, vkeys: [...vkeys] };
    log.add({ t: "genesis", s: "app", payload: canonicalJson(genesis) });
    const { leaves, state } = log.finish();
    await appendLeaves(tx, scope, leaves, state);
  });
}

/** Adds one leaf about ourselves (a run's summary, a security event) in the caller's transaction. */
export async function appendOwn(
  tx: WriteTx,
  { clock, random }: Pick<SyncEffects, "clock" | "random">,
  scope: Scope,
  leaf: { readonly t: "run" | "audit"; readonly payload: Json },
): Promise<void> {
  const log = new LogAppender((await logState(tx, scope))!, clock.now(), random);
  log.add({ t: leaf.t, s: "app", payload: canonicalJson(leaf.payload) });
  const { leaves, state } = log.finish();
  await appendLeaves(tx, scope, leaves, state);
}

/** Records one of our own security events. `by` is the principal of the scope. */
export async function appendAudit(
  effects: LogEffects,
  scope: Scope,
  event: { readonly event: string } & Readonly<Record<string, Json>>,
): Promise<void> {
  await ensureLog(effects, scope);
  await effects.store.write((tx) =>
    appendOwn(tx, effects, scope, { t: "audit", payload: { ...event, by: scope.principal } }),
  );
}

/**
 * Signs the log's present size, unless it is signed already.
 *
 * The new tree must extend the last signed one: its root at that size is computed again from the stored hashes. The
 * note is kept outside the database before the database, and so anyone, can see it.
 *
 * @throws Failure `ledger.rolled_back` when the log is shorter than, or differs from, what was signed.
 * @returns the signed size.
 */
export async function publishCheckpoint(
  { store, clock, signer }: Pick<LogEffects, "store" | "clock" | "signer">,
  scope: Scope,
): Promise<number> {
  const { state, last, root } = await store.read(async (tx) => {
    const state = (await logState(tx, scope))!;
    const last = await latestCheckpoint(tx, scope);
    const hashAt = storedHashes(tx, scope);
    if (last !== null) await assertExtends(last.note, state.size, hashAt);
    return { state, last, root: await rootAt(state.size, hashAt) };
  });
  if (last?.size === state.size) return state.size;
  const note = signer.sign(state.size, root);
  await signer.keep(note);
  await store.write((tx) => putCheckpoint(tx, scope, { size: state.size, note, atMs: clock.now() }));
  return state.size;
}

/** Reads subtree hashes of the stored log, a tile at a time. */
export function storedHashes(tx: Tx, scope: Scope): HashAt {
  return tileReader(async (level, n) =>
    Buffer.concat(await tileHashes(tx, scope, level, n * TILE_WIDTH, (n + 1) * TILE_WIDTH)),
  );
}

async function assertExtends(note: string, present: number, hashAt: HashAt): Promise<void> {
  const signed = parseCheckpoint(note);
  const same = signed.size <= present && (await rootAt(signed.size, hashAt)).equals(signed.root);
  if (!same) throw new Failure("ledger.rolled_back", { signed: signed.size, present });
}

const TILE_WIDTH = 256;
