import type { VerifyFailure } from "../../ledger/index.ts";
import {
  commitment,
  Findings,
  GatheredFacts,
  LeafChecker,
  parseLeaf,
  PayloadChecker,
  ScratchFile,
  type Leaf,
  type LeafKind,
} from "../../ledger/index.ts";
import { listClosedLogs, logState, readClosedLeaves, readLeaves, type StoredLeaf, type Tx } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { step } from "../step.ts";
import { CoverageCheck } from "./check-coverage.ts";
import { RunsCheck } from "./check-runs.ts";
import { strayRows } from "./check-strays.ts";
import { TreeCheck } from "./check-tree.ts";
import { VersionsCheck } from "./check-versions.ts";

/** A leaf of the database, and what it is where its bytes can be read. */
export interface SeenLeaf {
  readonly index: number;
  readonly leaf: Leaf | undefined;
  /** Null where it was erased, or is missing. */
  readonly payload: string | null;
}

export interface StoredFindings {
  readonly leaves: Readonly<Record<LeafKind, number>>;
  readonly size: number;
  readonly failures: readonly VerifyFailure[];
  readonly failureCount: number;
}

const LEAVES_A_READ = 4_096;
export const LEAVES = "table leaves";

/**
 * Derives again, from the leaves alone, what the database keeps beside them, and names what disagrees: each leaf's form
 * and place, its hash and payload; the tree with its tiles, right edge, keys and checkpoints; versions of records;
 * coverage; runs. One pass over the leaves, in one snapshot.
 */
export async function checkStored(context: OperationContext): Promise<StoredFindings> {
  const scratch = new ScratchFile();
  try {
    return await context.store.read((tx) => checkIn(tx, context, scratch));
  } finally {
    scratch.close();
  }
}

async function checkIn(tx: Tx, context: OperationContext, scratch: ScratchFile): Promise<StoredFindings> {
  const { scope } = context;
  const findings = new Findings();
  const state = await logState(tx, scope);
  const leafCheck = new LeafChecker(findings, LEAVES, scratch);
  const payloadCheck = new PayloadChecker(findings, state?.origin ?? "");
  const facts = new GatheredFacts(scratch);
  const tree = new TreeCheck(tx, scope, findings);
  const versions = new VersionsCheck(tx, context, findings);
  const coverage = new CoverageCheck(tx, context, findings);
  const runs = new RunsCheck(tx, scope, findings);
  const again = () => presentLeaves(tx, context);
  for await (const seen of closedLeaves(tx, context)) {
    coverage.add(seen);
    runs.add(seen);
  }
  for await (const stored of storedLeaves(tx, context)) {
    const leaf = leafCheck.check(stored.index, stored.leaf);
    await tree.add(stored);
    const isSound = checkPayload(findings, payloadCheck, stored, leaf);
    facts.take(payloadCheck.takeFacts());
    const seen: SeenLeaf = { index: stored.index, leaf, payload: isSound ? stored.payload : null };
    versions.add(seen);
    coverage.add(seen);
    runs.add(seen);
  }
  leafCheck.finish();
  facts.erasures.check(findings);
  await tree.finish(state, facts.declared);
  await versions.finish(again);
  await coverage.finish();
  await runs.finish();
  await strayRows(tx, context, findings);
  return {
    leaves: leafCheck.counts,
    size: state?.size ?? 0,
    failures: findings.kept.map(namedAsTable),
    failureCount: findings.count,
  };
}

/** @returns whether the payload is what the leaf commits to, or was erased */
function checkPayload(
  findings: Findings,
  check: PayloadChecker,
  { index, salt, payload, erasedBy }: StoredLeaf,
  leaf: Leaf | undefined,
): boolean {
  const before = findings.count;
  try {
    if (erasedBy !== null && payload === null && salt === null) check.checkErased(index, leaf, erasedBy);
    else if (payload === null || salt === null) findings.add(LEAVES, "its payload or salt is missing", index);
    else {
      if (erasedBy !== null) findings.add(LEAVES, `is marked as erased by leaf ${erasedBy}, and is there`, index);
      check.checkPayload(index, leaf, salt, Buffer.from(payload));
    }
  } catch (thrown) {
    findings.add(LEAVES, thrown instanceof Error ? thrown.message : String(thrown), index);
  }
  return findings.count === before;
}

/** The checks of payloads name files of an export. */
function namedAsTable(failure: VerifyFailure): VerifyFailure {
  return failure.file.startsWith("payload/") ? { ...failure, file: LEAVES } : failure;
}

async function* storedLeaves(tx: Tx, context: OperationContext): AsyncGenerator<StoredLeaf> {
  for (let from = 0; ; from += LEAVES_A_READ) {
    const leaves = await readLeaves(tx, context.scope, from, from + LEAVES_A_READ);
    step(context, `leaf ${from + leaves.length}`);
    yield* leaves;
    // A gap makes a part shorter than it should be, and is no end.
    if (leaves.length === 0) return;
  }
}

async function* presentLeaves(tx: Tx, context: OperationContext): AsyncGenerator<SeenLeaf> {
  for await (const { index, leaf, payload } of storedLeaves(tx, context)) {
    yield { index, leaf: readable(leaf), payload };
  }
}

/**
 * Leaves of a log that ended, for what they tell of coverage and runs. Whether such a log is sound, an export of it
 * tells: it may have been ended because it was not.
 */
async function* closedLeaves(tx: Tx, context: OperationContext): AsyncGenerator<SeenLeaf> {
  const { scope } = context;
  for (const { logNo, size } of await listClosedLogs(tx, scope)) {
    for (let from = 0; from < size; from += LEAVES_A_READ) {
      step(context, `leaf ${from} of log ${logNo}`);
      for (const stored of await readClosedLeaves(tx, scope, logNo, from, from + LEAVES_A_READ)) {
        const { index, salt, payload } = stored;
        const leaf = readable(stored.leaf);
        const isSound = salt !== null && payload !== null && leaf?.c === commitment(salt, payload);
        yield { index, leaf, payload: isSound ? payload : null };
      }
    }
  }
}

function readable(bytes: Buffer): Leaf | undefined {
  try {
    return parseLeaf(bytes);
  } catch {
    return undefined;
  }
}
