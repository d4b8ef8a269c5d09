import { z } from "zod";

import { confirmFactor, requireRightCode } from "../../access/index.ts";
import { deleteSessionsOf } from "../../store/index.ts";
import { factorCode, ownAccountId, refuseToken } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const confirmSecondFactor = defineOperation({
  id: "confirmSecondFactor",
  title: "Confirm a second factor",
  summary: "Makes one's own second factor count by a code of it, gives recovery codes, and ends all other sessions.",
  input: z.object({ code: factorCode }),
  output: z.object({
    account: z.string(),
    recoveryCodes: z.array(z.string()).describe("each signs in once instead of a code; shown this once"),
    sessionsEnded: z.int(),
  }),
  permission: "own",
  effect: "write",
  beforeSecondFactor: true,
  audit: {
    event: "second_factor.confirmed",
    facts: ({ account, recoveryCodes, sessionsEnded }) => ({
      account,
      recovery_codes: recoveryCodes.length,
      sessions_ended: sessionsEnded,
    }),
  },
  run: async ({ store, clock, random, caller, factorSafe: safe }, { code }) => {
    refuseToken(caller);
    const account = ownAccountId(caller);
    const { shown, recoveryCodes, sessionsEnded } = await store.write(async (tx) => {
      const confirmed = await confirmFactor(tx, { clock, safe }, random, account, code);
      const isRight = confirmed.shown.kind === "right";
      // They were begun without it.
      return { ...confirmed, sessionsEnded: isRight ? await deleteSessionsOf(tx, account, caller.sessionId) : 0 };
    });
    requireRightCode(shown);
    return { account, recoveryCodes: [...recoveryCodes], sessionsEnded };
  },
});
