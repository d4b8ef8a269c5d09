import { z } from "zod";

import { hashPassword, requireGoodPassword } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { deleteSessionsOf, findAccount, updateAccount } from "../../store/index.ts";
import { ownAccountId, refuseToken, requireOwnPassword } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const changePassword = defineOperation({
  id: "changePassword",
  title: "Change the password",
  summary: "Changes one's own password and ends all other sessions.",
  input: z.object({
    current: z.string().max(1_000).optional().describe("needed when there is one"),
    next: z.string().min(1).max(1_000),
  }),
  output: z.object({ account: z.string(), sessionsEnded: z.int() }),
  permission: "own",
  effect: "write",
  audit: {
    event: "account.password_changed",
    facts: ({ account, sessionsEnded }) => ({ account, sessions_ended: sessionsEnded }),
  },
  run: async ({ store, clock, caller }, { current, next }) => {
    refuseToken(caller);
    const accountId = ownAccountId(caller);
    const before = await store.read((tx) => findAccount(tx, accountId));
    if (before === null) throw new Failure("access.unknown", { what: "account" });
    if (before.email === null) {
      throw new Failure("input.invalid", {
        field: "next",
        problem: "this account signs in through the organization and has no password",
        remedy: "Change it there.",
      });
    }
    await requireOwnPassword({ store, clock }, before, current ?? "");
    await requireGoodPassword(next, [before.email, before.name]);
    const passwordHash = await hashPassword(next);
    return store.write(async (tx) => {
      const account = await findAccount(tx, accountId);
      if (account?.passwordHash !== before.passwordHash) throw new Failure("access.not_signed_in");
      await updateAccount(tx, { ...account, passwordHash });
      return { account: accountId, sessionsEnded: await deleteSessionsOf(tx, accountId, caller.sessionId) };
    });
  },
});
