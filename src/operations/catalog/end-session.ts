import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { deleteSession, deleteSessionsOf } from "../../store/index.ts";
import { accountName, refuseToken, sessionsAccount } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const endSession = defineOperation({
  id: "endSession",
  title: "End sessions",
  summary: "Signs an account out of one browser, or of all but the one that asks.",
  input: z.object({
    account: accountName.optional(),
    session: z.string().max(100).optional().describe("id of a session; all others when it is left out"),
  }),
  output: z.object({ account: z.string(), ended: z.int() }),
  permission: "own",
  effect: "write",
  audit: {
    event: ({ ended }) => (ended === 0 ? null : "session.ended"),
    facts: ({ account, ended }, { session }) => ({ account, session: session ?? null, ended }),
  },
  run: async (context, { account: named, session }) => {
    const { store, caller } = context;
    refuseToken(caller);
    return store.write(async (tx) => {
      const account = await sessionsAccount(tx, context, named);
      if (session === undefined) return { account, ended: await deleteSessionsOf(tx, account, caller.sessionId) };
      if (!(await deleteSession(tx, account, session))) throw new Failure("access.unknown", { what: "session" });
      return { account, ended: 1 };
    });
  },
});
