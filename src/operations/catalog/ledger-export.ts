import { z } from "zod";

import { exportFiles, parseCheckpoint, type ExportFile } from "../../ledger/index.ts";
import { ledgerSource } from "../../sync/index.ts";
import { anchorsFor } from "../anchoring/export.ts";
import { defineOperation } from "../define.ts";
import { requireNamed } from "../privacy.ts";

export const ledgerExport = defineOperation({
  id: "ledgerExport",
  title: "Download the ledger",
  summary: "The signed ledger as one archive of files that anyone can verify without Bursar and without trust.",
  input: z.object({
    payloads: z
      .boolean()
      .optional()
      .describe("false: the proofs without what they are about, as whoever may not see people gets them anyway"),
  }),
  output: z.object({
    origin: z.string(),
    size: z.int(),
    payloads: z.boolean(),
    files: z.custom<AsyncIterable<ExportFile>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    ),
  }),
  permission: "audit",
  effect: "read",
  audit: { event: "ledger.exported", withoutTraceInTrouble: true, facts: ({ size, payloads }) => ({ size, payloads }) },
  run: async ({ store, scope }, { payloads: asked }) => {
    if (asked === true) requireNamed(scope, "payloads", "Download the proofs without payloads.");
    const payloads = asked ?? scope.privacy.mode === "named";
    const source = await ledgerSource(store, scope);
    const { origin, size } = parseCheckpoint(source.checkpoint);
    const anchors = await anchorsFor({ store, scope }, source);
    return { origin, size, payloads, files: exportFiles(source, { payloads, anchors }) };
  },
});
