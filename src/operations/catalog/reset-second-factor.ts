import { z } from "zod";

import { forgetFactor } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { deleteSessionsOf } from "../../store/index.ts";
import { accountName, memberNamed, refuseToken, requireMayGrant, requireOnlyHere } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const resetSecondFactor = defineOperation({
  id: "resetSecondFactor",
  title: "Reset a second factor",
  summary: "Removes the second factor of somebody who lost theirs, with its recovery codes, and ends their sessions.",
  input: z.object({ account: accountName }),
  output: z.object({ account: z.string(), removed: z.boolean(), sessionsEnded: z.int() }),
  permission: "accounts",
  effect: "write",
  audit: {
    event: ({ removed }) => (removed ? "second_factor.reset" : null),
    facts: ({ account, sessionsEnded }) => ({ account, sessions_ended: sessionsEnded }),
  },
  run: ({ store, scope, caller, factorSafe: safe }, { account: named }) => {
    refuseToken(caller);
    return store.write(async (tx) => {
      const { account, role, people } = await memberNamed(tx, scope, named);
      const { accountId } = account;
      // Whoever found a browser open must not get rid of what keeps them out of the next one.
      if (accountId === caller.accountId) {
        throw new Failure("input.invalid", {
          field: "account",
          problem: "is your own",
          remedy: "Remove your second factor under My account, with a code or your password.",
        });
      }
      requireMayGrant(caller, role, people);
      await requireOnlyHere(tx, { scope, caller }, accountId);
      const removed = await forgetFactor(tx, safe, accountId);
      return { account: accountId, removed, sessionsEnded: removed ? await deleteSessionsOf(tx, accountId) : 0 };
    });
  },
});
