import { z } from "zod";

import type { ExportFile } from "../../ledger/index.ts";
import { defineOperation } from "../define.ts";
import { evidenceOf } from "../evidence/bundle.ts";
import { evidenceAudit, evidenceInput, evidenceTold } from "../evidence/shapes.ts";

export const evidenceBundle = defineOperation({
  id: "evidenceBundle",
  title: "Download evidence",
  summary:
    "The records behind a period, a person, a report or an access review with their proofs, as one archive that anyone can check.",
  input: z.object(evidenceInput),
  output: z.object({
    ...evidenceTold,
    files: z.custom<AsyncIterable<ExportFile>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    ),
  }),
  permission: "audit",
  effect: "read",
  audit: evidenceAudit,
  run: evidenceOf,
});
