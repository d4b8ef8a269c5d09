import { z } from "zod";

import { catalog, runOperation } from "../../operations/index.ts";
import { defineTool } from "../define-tool.ts";
import { loose } from "../record/trust.ts";
import { counted, listed, paragraphs } from "../record/words.ts";

export const verifyLedgerTool = defineTool({
  name: "verify_ledger",
  title: "Verify the ledger",
  description:
    "Checks every byte of the live ledger and every row that stands on it, now; long on a large record. Use it for can this be trusted; for one record's evidence, prove_record.",
  input: z.object({}),
  output: z.object({
    ok: z.boolean(),
    at: z.string(),
    size: z.int(),
    root: z.string(),
    rowsChecked: z.int().nullable(),
    failureCount: z.int(),
    failures: z.array(loose),
  }),
  permission: "audit",
  effect: "order",
  verbatim: ["root"],
  async run(call) {
    let steps = 0;
    const onStep = (step: string) => {
      const [, done, total] = /(\d+) of (\d+)/.exec(step) ?? [];
      steps = Math.max(steps + 1, Number(done ?? 0));
      call.progress(steps, total === undefined ? null : Math.max(steps, Number(total)), step);
    };
    // Looks at nobody: it leaves no trace of a look, and takes the steps that `ask` does not tell.
    const found = await runOperation({ ...call.context, onStep }, await catalog.verifyLedger(), {});
    const { ok, at, size, root, leaves, erased, rowsChecked, failureCount, failures } = found;
    return {
      text: paragraphs(
        ok
          ? `The ledger verifies: ${counted(size, "leaf", "leaves")} under root ${root}, ${counted(rowsChecked ?? 0, "row")} agree with their records. Checked at ${at}.`
          : `The ledger does NOT verify: ${counted(failureCount, "failure")} at ${at}. Keep the data folder and a known earlier checkpoint.`,
        listed(failures.map(({ file, index, what }) => `${file}${index === undefined ? "" : ` ${index}`}: ${what}`)),
        erased > 0 ? `${counted(erased, "payload")} were erased, as the ledger says itself.` : null,
      ),
      data: { ok, at, size, root, leaves, erased, rowsChecked, failureCount, failures: [...failures] },
    };
  },
});
