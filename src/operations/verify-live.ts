import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isFailure } from "../domain/index.ts";
import { exportLedger, LedgerError, parseCheckpoint, type VerifyOptions } from "../ledger/index.ts";
import { ledgerSource } from "../sync/index.ts";
import { anchorsFor } from "./anchoring/export.ts";
import { checkRows } from "./check-rows.ts";
import type { OperationContext } from "./context.ts";
import { tellLedgerTrouble } from "./ledger-trouble.ts";
import { step } from "./step.ts";
import { checkStored } from "./stored/check-stored.ts";
import { verifyFolder, type Verified } from "./verify-folder.ts";

const KEPT = 100;

/**
 * Checks the live record: its ledger as a stranger would (by exporting it to a temporary folder), then that everything
 * kept beside the leaves, and every row and roll-up, says what the leaves say.
 */
export async function verifyLive(context: OperationContext, options: VerifyOptions): Promise<Verified> {
  const folder = await tellLedgerTrouble(tmpdir(), () => mkdtemp(join(tmpdir(), "bursar-verify-")));
  try {
    const ledger = await ledgerVerified(context, join(folder, "ledger"), options);
    const stored = await checkStored(context);
    const rows = await checkRows(context);
    const all = [...ledger.failures, ...stored.failures, ...rows.failures];
    const failureCount = ledger.failureCount + stored.failureCount + rows.failures.length;
    const failures = all.slice(0, KEPT);
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
    // Which of the stored leaves it is, comes out when they are looked at one by one.
    const { origin, size, root } = parseCheckpoint(source.checkpoint);
    return {
      ok: false,
      of: "live",
      origin,
      size,
      root: root.toString("hex"),
      leaves: { genesis: 0, fetch: 0, rec: 0, gone: 0, run: 0, audit: 0, key: 0, anchor: 0, erase: 0 },
      contentChecked: false,
      erased: 0,
      signedBy: [],
      cosignedBy: [],
      stamps: [],
      rowsChecked: null,
      failures: [{ file: "export", what: thrown.message }],
      failureCount: 1,
      notes: ["The ledger could not be exported; the rows were compared all the same."],
    };
  }
  return verifyFolder(dir, options, onStep);
}
