import { z } from "zod";

import { isLive } from "../../access/index.ts";
import { listSessionsOf } from "../../store/index.ts";
import { accountName, sessionsAccount } from "../accounts.ts";
import { defineOperation } from "../define.ts";

export const listSessions = defineOperation({
  id: "listSessions",
  title: "List sessions",
  summary: "The browsers in which an account is signed in: one's own, or with the right to manage accounts any one's.",
  input: z.object({ account: accountName.optional() }),
  output: z.object({
    sessions: z.array(
      z.object({
        id: z.string(),
        agent: z.string(),
        createdAt: z.string(),
        seenAt: z.string(),
        endsAt: z.string(),
        isCurrent: z.boolean(),
      }),
    ),
  }),
  permission: "own",
  effect: "read",
  fresh: true,
  audit: "none: one's own sessions, or for who manages accounts those of others; nothing is shown that signs in",
  run: async (context, { account }) => {
    const { store, clock, caller } = context;
    const rows = await store.read(async (tx) => listSessionsOf(tx, await sessionsAccount(tx, context, account)));
    return {
      sessions: rows
        .filter((row) => isLive(row, clock.now()))
        .map(({ sessionId, agent, createdMs, seenMs, idleMs, endsMs }) => ({
          id: sessionId,
          agent,
          createdAt: new Date(createdMs).toISOString(),
          seenAt: new Date(seenMs).toISOString(),
          endsAt: new Date(Math.min(endsMs, seenMs + idleMs)).toISOString(),
          isCurrent: sessionId === caller.sessionId,
        })),
    };
  },
});
