import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isFailure } from "../domain/index.ts";
import {
  exportLedger,
  leafHash,
  LedgerError,
  parseCheckpoint,
  type VerifyFailure,
  type VerifyOptions,
} from "../ledger/index.ts";
import { readLeaves } from "../store/index.ts";
import { ledgerSource } from "../sync/index.ts";
import { anchorsFor } from "./anchoring/export.ts";
import { checkRows } from "./check-rows.ts";
import type { OperationContext } from "./context.ts";
import { tellLedgerTrouble } from "./ledger-trouble.ts";
import { step } from "./step.ts";
import { verifyFolder, type Verified } from "./verify-folder.ts";

const LEAVES_A_READ = 4_096;
const KEPT = 100;

/**
 * Checks the live record: its ledger as a stranger would (by exporting it to a temporary folder), then that every row
 * and roll-up says what the records say.
 */
export async function verifyLive(context: OperationContext, options: VerifyOptions): Promise<Verified> {
  const folder = await tellLedgerTrouble(tmpdir(), () => mkdtemp(join(tmpdir(), "bursar-verify-")));
  try {
    const ledger = await ledgerVerified(context, join(folder, "ledger"), options);
    const rows = await checkRows(context);
    const failures = [...ledger.failures, ...rows.failures].slice(0, KEPT);
    const failureCount = ledger.failureCount + rows.failures.length;
    return { ...ledger, of: "live", ok: failureCount === 0, failures, failureCount, rowsChecked: rows.checked };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ledgerVerified(context: OperationContext, dir: string, options: VerifyOptions): Promise<Verified> {
  const { store, scope } = context;
  const onStep = (says: string) => step(context, says);
  const source = await ledgerSource(store, scope);
  try {
    const anchors = await anchorsFor(context, source);
    await exportLedger(source, dir, {
      anchors,
      progress: (leaves, size) => onStep(`reading leaf ${leaves} of ${size}`),
    });
  } catch (thrown) {
    if (isFailure(thrown, "app.cancelled")) throw thrown;
    if (!(thrown instanceof LedgerError) && !isFailure(thrown)) throw thrown;
    // The stored leaves are not the signed tree: find out which.
    const failures = await damagedLeaves(context);
    const { origin, size, root } = parseCheckpoint(source.checkpoint);
    const all = failures.length > 0 ? failures : [{ file: "leaves", what: thrown.message }];
    return {
      ok: false,
      of: "live",
      origin,
      size,
      root: root.toString("hex"),
      leaves: NO_LEAVES,
      contentChecked: false,
      erased: 0,
      signedBy: [],
      cosignedBy: [],
      stamps: [],
      rowsChecked: null,
      failures: all.slice(0, KEPT),
      failureCount: all.length,
      notes: ["The ledger could not be exported; the rows were compared all the same."],
    };
  }
  return verifyFolder(dir, options, onStep);
}

const NO_LEAVES = { genesis: 0, fetch: 0, rec: 0, gone: 0, run: 0, audit: 0, key: 0, anchor: 0, erase: 0 };

/** Leaves whose bytes are not those that were hashed when they were appended. */
async function damagedLeaves({ store, scope }: OperationContext): Promise<VerifyFailure[]> {
  const failures: VerifyFailure[] = [];
  for (let at = 0; ; at += LEAVES_A_READ) {
    const leaves = await store.read((tx) => readLeaves(tx, scope, at, at + LEAVES_A_READ));
    for (const [offset, leaf] of leaves.entries()) {
      if (leaf.index !== at + offset) return [...failures, { file: "leaves", index: at + offset, what: "is missing" }];
      if (!leafHash(leaf.leaf).equals(leaf.leafHash)) {
        failures.push({ file: "leaves", index: leaf.index, what: "was changed after it was appended" });
      }
    }
    if (leaves.length < LEAVES_A_READ) return failures;
  }
}
