import { hash } from "node:crypto";

import type { AnchorPost, Frozen, Handed } from "../anchors/index.ts";
import { Failure, isFailure, type Json, type Scope } from "../domain/index.ts";
import {
  canonicalJson,
  consistencyProof,
  parseCheckpoint,
  parseVkey,
  sha256Hex,
  withKnownLines,
} from "../ledger/index.ts";
import {
  appendLeaves,
  currentAnchors,
  dropWaiting,
  findAnchor,
  findCheckpoint,
  latestCheckpoint,
  logState,
  putAnchor,
  putCheckpoint,
  type AnchorRow,
  type WriteTx,
} from "../store/index.ts";
import { isOpen, PENDING_WAIT_MS, planAnchors, retryAt, type AnchorTask, type AnchorTiming } from "./anchor-plan.ts";
import { assertContinues } from "./guard.ts";
import { logVkeys } from "./log-keys.ts";
import { LogAppender } from "./log.ts";
import { raiseSigningAlarm } from "./signing-alarm.ts";
import { storedHashes } from "./stored-hashes.ts";
import { publishCheckpoint } from "./tenant-log.ts";
import type { SyncEffects } from "./types.ts";

type AnchorEffects = Pick<SyncEffects, "store" | "clock" | "random" | "log" | "signer">;

export interface AnchorRound {
  readonly posts: readonly AnchorPost[];
  readonly everyMs: number;
  readonly isAsked: boolean;
}

/** What became of one thing that was asked. */
export interface AnchorOutcome {
  readonly row: AnchorRow;
  readonly problem: Failure | null;
}

/**
 * Hands the signed checkpoint to every service that is due, asks after those that are pending, and records what came of
 * it as `anchor` leaves.
 *
 * A service that fails holds up no other and is asked again later; nothing here holds up recording. What the services
 * gave is kept before anything is appended, so that it is not lost with a process. The leaves are signed at once and
 * that checkpoint goes to the witnesses, whose cosignatures of it are recorded with what comes next: else each
 * cosignature would need a checkpoint that needs a cosignature.
 *
 * @throws Failure `ledger.*` and `vault.*` where the log can be neither read nor signed
 */
export async function anchorRound(effects: AnchorEffects, scope: Scope, round: AnchorRound): Promise<AnchorOutcome[]> {
  const { posts } = round;
  await assertContinues(effects.store, scope, await effects.signer.lastKept());
  const [witnesses, others] = [posts.filter(isWitness), posts.filter((post) => !isWitness(post))];
  const outcomes = await carryOut(effects, scope, round, others);
  if (await recordAnchors(effects, scope)) await publishCheckpoint(effects, scope);
  return [...outcomes, ...(await carryOut(effects, scope, round, witnesses))];
}

function isWitness({ kind }: AnchorPost): boolean {
  return kind === "witness";
}

async function carryOut(
  effects: AnchorEffects,
  scope: Scope,
  { everyMs, isAsked }: AnchorRound,
  posts: readonly AnchorPost[],
): Promise<AnchorOutcome[]> {
  const standing = posts.length === 0 ? null : await standingOf(effects, scope);
  if (standing === null) return [];
  const timing: AnchorTiming = { nowMs: effects.clock.now(), everyMs, isAsked };
  const tasks = planAnchors(posts, standing.rows, standing.frozen.size, timing);
  // What throws is no failure of a service: then the others are waited for all the same.
  const done = await Promise.allSettled(tasks.map((task) => carryOutOne(effects, scope, standing, task)));
  return done.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

interface Standing {
  readonly frozen: Frozen;
  readonly rows: readonly AnchorRow[];
}

/** The signed checkpoint as it leaves the building, and what became of earlier ones; null while nothing is signed. */
async function standingOf({ store }: AnchorEffects, scope: Scope): Promise<Standing | null> {
  return store.read(async (tx) => {
    const signed = await latestCheckpoint(tx, scope);
    if (signed === null) return null;
    const { origin, size } = parseCheckpoint(signed.note);
    const rows = await currentAnchors(tx, scope, origin);
    // Witnesses' lines come and go with the moment; without them the copy is the same for every service.
    const keys = (await logVkeys(tx, scope)).map(parseVkey);
    const note = rows.find((row) => row.size === size)?.checkpoint ?? withKnownLines(signed.note, keys);
    return { frozen: { origin, size, note, digest: hash("sha256", note, "buffer") }, rows };
  });
}

async function carryOutOne(
  effects: AnchorEffects,
  scope: Scope,
  standing: Standing,
  task: AnchorTask,
): Promise<AnchorOutcome> {
  const { store, clock, log } = effects;
  const { post } = task;
  const before = task.what === "go on" ? task.row : waitingRow(standing.frozen, task, clock.now());
  let after: AnchorRow;
  let problem: Failure | null = null;
  try {
    const handed = await ask(effects, scope, standing, task);
    after = handed === null ? asked(before, clock.now()) : given(before, handed, post, clock.now());
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    problem = thrown;
    after = failed(before, thrown, clock.now());
    log("warn", "anchor.failed", { kind: post.kind, code: thrown.code });
  }
  await store.write(async (tx) => {
    const present = await findAnchor(tx, scope, after);
    // Another process was luckier meanwhile.
    if (problem !== null && present !== null && present.state !== before.state) return;
    if (task.what === "hand" && task.row !== null && task.row.size !== before.size)
      await dropWaiting(tx, scope, task.row);
    await putAnchor(tx, scope, after);
    if (after.state === "cosigned" && after.proof !== null) await addCosignature(tx, scope, after.size, after.proof);
    if (problem?.code === "ledger.forked") {
      const { witness, problem: why } = problem.facts;
      const alarm = { origin: after.origin, witness: String(witness), problem: String(why), atMs: clock.now() };
      await raiseSigningAlarm(tx, scope, alarm);
    }
  });
  return { row: after, problem };
}

async function ask(
  { store }: AnchorEffects,
  scope: Scope,
  { frozen, rows }: Standing,
  task: AnchorTask,
): Promise<Handed | null> {
  const { post } = task;
  if (task.what === "go on") return (await post.goOn?.(task.row.proof!)) ?? null;
  const seen = rows.find(
    ({ kind, target, state }) => kind === post.kind && target === post.target && state !== "waiting",
  );
  return post.hand(frozen, {
    seen: seen?.size ?? 0,
    signedSize: async () => (await store.read((tx) => latestCheckpoint(tx, scope)))?.size ?? 0,
    consistency: (from) => store.read((tx) => consistencyProof(from, frozen.size, storedHashes(tx, scope))),
  });
}

/** A row for this checkpoint; one that has waited longer hands on since when, and how often in vain. */
function waitingRow({ origin, size, note }: Frozen, { post, row }: AnchorTask, nowMs: number): AnchorRow {
  return {
    origin,
    size,
    kind: post.kind,
    target: post.target,
    state: "waiting",
    checkpoint: note,
    proof: null,
    facts: "{}",
    sinceMs: row?.sinceMs ?? nowMs,
    handedMs: null,
    tries: row?.tries ?? 0,
    dueMs: nowMs,
    problemCode: null,
    problem: null,
    leafIndex: null,
  };
}

function given(row: AnchorRow, { state, proof, facts }: Handed, post: AnchorPost, nowMs: number): AnchorRow {
  const after: AnchorRow = {
    ...row,
    state,
    proof,
    facts: JSON.stringify(facts),
    sinceMs: row.state === "waiting" ? nowMs : row.sinceMs,
    handedMs: row.handedMs ?? nowMs,
    tries: 0,
    dueMs: nowMs,
    problemCode: null,
    problem: null,
    // Another proof is not yet recorded; the same one says more of what is known already.
    leafIndex: proof !== null && row.proof?.equals(proof) === true ? row.leafIndex : null,
  };
  return isOpen(post, after) ? { ...after, dueMs: nowMs + PENDING_WAIT_MS } : after;
}

function asked(row: AnchorRow, nowMs: number): AnchorRow {
  return { ...row, tries: 0, dueMs: nowMs + PENDING_WAIT_MS, problemCode: null, problem: null };
}

function failed(row: AnchorRow, failure: Failure, nowMs: number): AnchorRow {
  const tries = row.tries + 1;
  return { ...row, tries, dueMs: retryAt(nowMs, tries), problemCode: failure.code, problem: failure.message };
}

/** A witness's line stands after the log's own, once. */
async function addCosignature(tx: WriteTx, scope: Scope, size: number, line: Buffer): Promise<void> {
  const signed = await findCheckpoint(tx, scope, size);
  const text = line.toString("utf8");
  if (signed === null || signed.note.includes(text)) return;
  await putCheckpoint(tx, scope, { ...signed, note: signed.note + text });
}

/**
 * Appends an `anchor` leaf for each proof that has none. Cosignatures alone are reason to only when the signed
 * checkpoint has none yet.
 *
 * @returns whether anything was appended
 */
async function recordAnchors({ store, clock, random }: AnchorEffects, scope: Scope): Promise<boolean> {
  return store.write(async (tx) => {
    const signed = await latestCheckpoint(tx, scope);
    const state = await logState(tx, scope);
    if (signed === null || state === null) return false;
    const rows = await currentAnchors(tx, scope, state.origin);
    const loose = rows.filter((row) => row.proof !== null && row.leafIndex === null);
    const isCosigned = rows.some((row) => row.state === "cosigned" && row.size === signed.size);
    if (isCosigned && loose.every((row) => row.state === "cosigned")) return false;
    if (loose.length === 0) return false;
    const log = new LogAppender(state, clock.now(), random);
    for (const row of loose.toReversed()) {
      const leafIndex = log.add({ t: "anchor", s: "app", payload: canonicalJson(payloadOf(row)) });
      await putAnchor(tx, scope, { ...row, leafIndex });
    }
    await appendLeaves(tx, scope, log.finish(), log.atMs);
    return true;
  });
}

function payloadOf({ kind, size, checkpoint, proof, state, facts }: AnchorRow): Json {
  return {
    kind,
    size,
    checkpoint_sha256: sha256Hex(checkpoint),
    proof_sha256: sha256Hex(proof!),
    state,
    says: JSON.parse(facts) as Json,
  };
}
