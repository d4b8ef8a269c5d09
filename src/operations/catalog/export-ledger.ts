import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { exportLedger } from "../../ledger/index.ts";
import { closedLedgerSource, erasedSinceClosed, ledgerSource } from "../../sync/index.ts";
import { anchorsFor } from "../anchoring/export.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { requireNamed } from "../privacy.ts";
import { refuseUsedFolder, tellLedgerTrouble } from "../ledger-trouble.ts";

export const exportLedgerOperation = defineOperation({
  id: "exportLedger",
  title: "Export the ledger",
  summary: "Writes the signed ledger as a folder that anyone can verify without Bursar and without trust.",
  input: z.object({
    dir: z.string().min(1),
    /** False: the proofs without what they are about, as whoever may not see people gets them anyway. */
    payloads: z.boolean().optional(),
    /** Leaves that get a proof file of their own. */
    proofs: z.array(z.int().min(0)).readonly().default([]),
    /** Number of a log that ended; absent: the present one. */
    log: z.int().min(1).optional(),
  }),
  output: z.object({
    dir: z.string(),
    origin: z.string(),
    size: z.int(),
    files: z.int(),
    bytes: z.int(),
    payloads: z.boolean(),
  }),
  permission: "audit",
  localInputs: ["dir"],
  effect: "read",
  audit: { event: "ledger.exported", withoutTraceInTrouble: true, facts: ({ size, payloads }) => ({ size, payloads }) },
  run: async (context, { dir, payloads: asked, proofs, log }) => {
    if (asked === true) requireNamed(context.scope, "payloads", "Export the proofs without payloads.");
    const payloads = asked ?? context.scope.privacy.mode === "named";
    await refuseUsedFolder(dir);
    const { store, scope } = context;
    if (log !== undefined && payloads) await refuseErasedSince(context, log);
    const source = await (log === undefined ? ledgerSource(store, scope) : closedLedgerSource(store, scope, log));
    const anchors = await anchorsFor(context, source);
    const report = await tellLedgerTrouble(dir, () =>
      exportLedger(source, dir, {
        payloads,
        anchors,
        proofs,
        progress: (leaves, size) => context.onStep?.(`leaf ${leaves} of ${size}`),
      }),
    );
    return { ...report, payloads };
  },
});

/** @throws Failure `input.invalid` */
async function refuseErasedSince({ store, scope }: OperationContext, log: number): Promise<void> {
  const erased = await erasedSinceClosed(store, scope, log);
  if (erased === 0) return;
  throw new Failure("input.invalid", {
    field: "payloads",
    problem: `${erased} contents of this log were erased after it had ended, when it could take no leaf that says so`,
    remedy: "Export it without payloads (--no-payloads): its leaves, proofs and checkpoints hold.",
  });
}
