import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { markStale } from "../../store/index.ts";
import { beginNewLog, lastCheckpointOf, logVkeys, publishCheckpoint } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { ledgerTroubleOf } from "../ledger-trouble-view.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { rebuildWith } from "../stale-rows.ts";
import { step } from "../step.ts";
import { verifyLive } from "../verify-live.ts";

export const newLog = defineOperation({
  id: "newLog",
  title: "Begin a new log",
  summary: "Ends a log that cannot go on, and begins one whose first leaf names the last checkpoint of the old one.",
  input: z.object({
    /** For whoever checks the ledger; it names nobody. */
    reason: z.string().trim().min(10, "say in a few words why the log cannot go on").max(500),
    /** Make another signing key; else the old one goes on under the new log's name. */
    newKey: z.boolean().default(false),
  }),
  output: z.object({
    origin: z.string(),
    vkeys: z.array(z.string()).readonly(),
    closed: z.int().describe("number of the old log, by which it can be exported"),
    kept: z.int().describe("leaves of the old log that are here"),
    versions: z.int().describe("versions of records that the new log took over"),
    leftOut: z.int().describe("versions whose content was not what the old log committed to"),
    size: z.int().describe("leaves of the new log that are signed"),
  }),
  permission: "operate",
  effect: "write",
  // The leaf about it stands in the new log already, appended with everything else.
  audit: "none: the new log itself begins with the reason, and with a leaf about it",
  async run(context, { reason, newKey }) {
    const { scope, streams, unguarded } = context;
    await refuseForSoundLog(context);
    const kept = await unguarded.signer.lastKept();
    const checkpoint = await context.store.read((tx) => lastCheckpointOf(tx, scope, kept));
    const { done, size } = await asOnlyWriter(
      context,
      async (store) => {
        step(context, "taking the records over");
        // What the new log will name is kept from now on: if it is cut off, it goes on from either side.
        if (checkpoint !== kept) await unguarded.signer.keep(checkpoint);
        const done = await store.write(async (tx) => {
          const key = newKey ? "new_key" : "kept_key";
          const begun = await beginNewLog(tx, unguarded, scope, { checkpoint, reason, key });
          const tables = streams.flatMap((stream) => stream.tables.map(({ name }) => name));
          if (begun.leftOut > 0) await markStale(tx, scope, tables);
          return begun;
        });
        const size = await publishCheckpoint({ ...unguarded, store }, scope);
        if (done.leftOut > 0) await rebuildWith(context, store);
        return { done, size };
      },
      unguarded,
    );
    const vkeys = await context.store.read((tx) => logVkeys(tx, scope));
    return { ...done, vkeys, size };
  },
});

/** @throws Failure `ledger.sound` */
async function refuseForSoundLog(context: OperationContext): Promise<void> {
  if ((await ledgerTroubleOf(context)) !== null) return;
  step(context, "looking whether the log cannot go on");
  const { ok } = await verifyLive(context, {});
  if (ok) throw new Failure("ledger.sound");
}
