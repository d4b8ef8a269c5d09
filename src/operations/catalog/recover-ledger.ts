import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { parseCheckpoint, readExport, type ReadExport } from "../../ledger/index.ts";
import { clearFacts, forgetErasedDims, logState, wipeDeleted, type WriteTx } from "../../store/index.ts";
import { logTrouble, logVkeys, recoverFrom, troubleFailure } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { tellLedgerTrouble } from "../ledger-trouble.ts";
import { forgetAgain } from "../erasure/forget-again.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { rebuildWith } from "../stale-rows.ts";
import { step } from "../step.ts";
import { verifyFolder } from "../verify-folder.ts";

export const recoverLedger = defineOperation({
  id: "recoverLedger",
  title: "Take missing leaves from an export",
  summary: "Appends what a restored database lacks from an export that reaches the signed size, byte for byte.",
  input: z.object({
    /** Folder of the export. */
    from: z.string().min(1),
  }),
  output: z.object({
    from: z.int().describe("the first leaf that was missing"),
    size: z.int().describe("leaves that are here now"),
    versions: z.int().describe("versions of records among them"),
    erased: z.int().describe("leaves whose content was erased since, and is erased here now too"),
    rows: z.int().describe("rows that were built from the records"),
  }),
  permission: "operate",
  localInputs: ["from"],
  effect: "write",
  audit: {
    event: "ledger.recovered",
    refusedWhenRolledBack: () => false,
    facts: ({ from, size, versions }) => ({ from, size, versions }),
  },
  async run(context, { from: dir }) {
    const { scope, unguarded } = context;
    const source = await verifiedExport(context, dir);
    const recovered = await asOnlyWriter(
      context,
      async (store) => {
        step(context, "appending the missing leaves");
        const { from, size, versions, erased } = await recoverFrom({ ...unguarded, store }, scope, source);
        if (erased > 0) await store.write((tx) => wipeRows(tx, context));
        const { rows } = await rebuildWith(context, store);
        if (erased > 0) await store.write((tx) => forgetErasedDims(tx, scope, tablesOf(context)));
        return { from, size, versions, erased, rows };
      },
      unguarded,
    );
    // The roster and accounts of the backup are in no export: who was erased since is in them again.
    await forgetAgain(context);
    return recovered;
  },
});

/**
 * The export, every byte of it checked against the kept checkpoint and the keys that the log has named.
 *
 * @throws Failure `ledger.rolled_back` and its like when an export does not help, `ledger.export_too_short`,
 * `ledger.nothing_missing`, `ledger.verification`
 */
async function verifiedExport(context: OperationContext, dir: string): Promise<ReadExport> {
  const { store, scope, unguarded } = context;
  const kept = await unguarded.signer.lastKept();
  const { trouble, present, vkeys } = await store.read(async (tx) => {
    const present = (await logState(tx, scope))?.size ?? 0;
    return {
      trouble: await logTrouble(tx, scope, kept),
      present,
      vkeys: present === 0 ? [] : await logVkeys(tx, scope),
    };
  });
  // A database that lacks leaves can be completed; one that has others cannot.
  if (trouble !== null && trouble.kind !== "behind") throw troubleFailure(trouble);
  const found = await verifyFolder(dir, { vkey: vkeys, ...(kept === null ? {} : { checkpoint: kept }) }, (says) =>
    step(context, says),
  );
  const needed = kept === null ? present + 1 : Math.max(present + 1, parseCheckpoint(kept).size);
  if (found.origin !== "" && found.size < needed) {
    if (trouble === null && found.size <= present) throw new Failure("ledger.nothing_missing", { present: found.size });
    throw new Failure("ledger.export_too_short", { size: found.size, needed });
  }
  const [failure] = found.failures;
  if (failure !== undefined) {
    throw new Failure("ledger.verification", { what: `the export, ${failure.file}: ${failure.what}` });
  }
  if (!found.contentChecked) {
    throw new Failure("input.invalid", {
      field: "from",
      problem: "this export holds no payloads",
      remedy: "Give one with payloads: without them the records are not in it.",
    });
  }
  return tellLedgerTrouble(dir, () => readExport(dir));
}

const tablesOf = ({ streams }: OperationContext) => streams.flatMap(({ tables }) => tables);

/** What was erased since may stand in rows too: they go before they are built anew, and leave nothing in the file. */
async function wipeRows(tx: WriteTx, context: OperationContext): Promise<void> {
  await wipeDeleted(tx);
  for (const table of tablesOf(context)) await clearFacts(tx, context.scope, table);
}
