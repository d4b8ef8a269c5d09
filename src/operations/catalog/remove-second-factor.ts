import { z } from "zod";

import { forgetFactor, requireRightCode, showFactor } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { deleteSessionsOf, findAccount } from "../../store/index.ts";
import { factorCode, ownAccountId, refuseToken, requireOwnPassword } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const removeSecondFactor = defineOperation({
  id: "removeSecondFactor",
  title: "Remove the second factor",
  summary: "Removes one's own second factor and its recovery codes, and ends all other sessions.",
  input: z.object({
    code: factorCode.optional(),
    current: z.string().max(1_000).optional().describe("the password, instead of a code"),
  }),
  output: z.object({ account: z.string(), sessionsEnded: z.int() }),
  permission: "own",
  effect: "write",
  audit: {
    event: "second_factor.removed",
    facts: ({ account, sessionsEnded }) => ({ account, sessions_ended: sessionsEnded }),
  },
  run: async ({ store, clock, caller, factorSafe: safe }, { code, current }) => {
    refuseToken(caller);
    const accountId = ownAccountId(caller);
    const account = await store.read((tx) => findAccount(tx, accountId));
    if (account === null || account.secondFactorMs === null) {
      throw new Failure("access.unknown", { what: "second factor" });
    }
    if (code !== undefined) {
      requireRightCode(await store.write((tx) => showFactor(tx, { clock, safe }, accountId, code)));
    } else if (account.passwordHash === null) {
      throw new Failure("input.invalid", {
        field: "code",
        problem: "is missing",
        remedy: "This account has no password: show a code of your app, or a recovery code.",
      });
    } else await requireOwnPassword({ store, clock }, account, current ?? "");
    return store.write(async (tx) => {
      await forgetFactor(tx, safe, accountId);
      return { account: accountId, sessionsEnded: await deleteSessionsOf(tx, accountId, caller.sessionId) };
    });
  },
});
