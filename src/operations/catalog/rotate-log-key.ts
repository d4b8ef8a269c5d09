import { z } from "zod";

import { rotateLogKey } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";

export const rotateLogKeyOperation = defineOperation({
  id: "rotateLogKey",
  title: "Change the ledger's signing key",
  summary: "Gives the log a new signing key, which the old one vouches for with a last signature beside it.",
  input: z.object({ reason: z.string().min(3).max(200).default("planned change") }),
  output: z.object({
    vkey: z.string(),
    before: z.string().describe("the key that signs no more, and is destroyed"),
    size: z.int().describe("leaves of the checkpoint that both have signed"),
    resumed: z.boolean().describe("an earlier change was brought to its end, and no other one begun"),
  }),
  permission: "operate",
  effect: "write",
  audit: {
    event: "ledger.key_changed",
    facts: ({ vkey, before, size }) => ({ vkey, before, size }),
  },
  run: async (context, { reason }) => rotateLogKey(await context.effects(), context.scope, reason),
});
