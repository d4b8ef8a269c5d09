import { z } from "zod";

import { writeNewFolder } from "../../ledger/index.ts";
import { defineOperation } from "../define.ts";
import { evidenceOf } from "../evidence/bundle.ts";
import { evidenceAudit, evidenceInput, evidenceTold } from "../evidence/shapes.ts";
import { refuseUsedFolder, tellLedgerTrouble } from "../ledger-trouble.ts";

export const exportEvidence = defineOperation({
  id: "exportEvidence",
  title: "Write evidence",
  summary: "Writes evidence of a period, a person, a report or an access review as a folder that anyone can check.",
  input: z.object({ dir: z.string().min(1), ...evidenceInput }),
  output: z.object({ ...evidenceTold, dir: z.string(), files: z.int(), bytes: z.int() }),
  permission: "audit",
  localInputs: ["dir"],
  effect: "read",
  audit: evidenceAudit,
  async run(context, { dir, ...question }) {
    await refuseUsedFolder(dir);
    const { files, ...told } = await evidenceOf(context, question);
    const written = await tellLedgerTrouble(dir, () =>
      writeNewFolder(dir, async (folder) => {
        for await (const { name, content } of files) await folder.write(name, content);
      }),
    );
    return { ...told, ...written };
  },
});
