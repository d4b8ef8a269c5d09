import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { clearSigningAlarm, publishCheckpoint, signingAlarm } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";

export const resumeSigning = defineOperation({
  id: "resumeSigning",
  title: "Resume signing",
  summary: "Takes a witness's objection back, after it was looked into, and signs what was recorded meanwhile.",
  input: z.object({ reason: z.string().trim().min(1).max(500) }),
  output: z.object({ witness: z.string(), signedSize: z.int() }),
  permission: "operate",
  effect: "write",
  audit: { event: "ledger.signing_resumed", facts: ({ witness }, { reason }) => ({ witness, reason }) },
  run: async (context) => {
    const { store, scope } = context;
    const effects = await context.effects();
    const alarm = await store.write(async (tx) => {
      const found = await signingAlarm(tx, scope);
      if (found !== null) await clearSigningAlarm(tx, scope);
      return found;
    });
    if (alarm === null) {
      throw new Failure("input.invalid", {
        field: "ledger",
        problem: "no witness objects",
        remedy: "There is nothing to resume.",
      });
    }
    return { witness: alarm.witness, signedSize: await publishCheckpoint(effects, scope) };
  },
});
