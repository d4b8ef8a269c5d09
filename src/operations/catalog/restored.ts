import { z } from "zod";

import { endCopiedLease, markStale } from "../../store/index.ts";
import { reapplyErasures } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { forgetAgain } from "../erasure/forget-again.ts";
import { ledgerTroubleOf, ledgerTroubleView } from "../ledger-trouble-view.ts";
import { asOnlyWriter } from "../only-writer.ts";

export const restored = defineOperation({
  id: "restored",
  title: "After a restore",
  summary: "Holds a restored record against what was signed last, and applies its erasures again.",
  input: z.object({}),
  output: z.object({
    trouble: ledgerTroubleView.nullable(),
    erased: z.int().describe("contents that erasures name and that were here all the same"),
    forgotten: z
      .int()
      .nullable()
      .describe(
        "contents that named people who were erased since, erased again; null: to be done once the ledger is mended",
      ),
  }),
  permission: "operate",
  effect: "write",
  audit: "none: a leaf of its own would keep out those that the record lacks, which an export may still bring",
  run: async (context) => {
    const { scope, streams, unguarded } = context;
    const trouble = await ledgerTroubleOf(context);
    await context.store.write((tx) => endCopiedLease(tx, scope));
    const erased = await asOnlyWriter(
      context,
      async (store) => {
        const count = await reapplyErasures(store, scope);
        const tables = streams.flatMap((stream) => stream.tables.map(({ name }) => name));
        if (count > 0) await store.write((tx) => markStale(tx, scope, tables));
        return count;
      },
      unguarded,
    );
    return { trouble, erased, forgotten: await forgetAgain(context, trouble !== null) };
  },
});
