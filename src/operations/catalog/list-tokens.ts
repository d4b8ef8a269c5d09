import { z } from "zod";

import { findAccount, listApiTokens } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const listTokens = defineOperation({
  id: "listTokens",
  title: "List API tokens",
  summary: "One's own tokens, or with the right to manage accounts all of the tenant: scopes, end, last use.",
  input: z.object({}),
  output: z.object({
    tokens: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** Null: an operator's. */
        account: z.object({ id: z.string(), name: z.string() }).nullable(),
        scopes: z.array(z.string()),
        createdAt: z.string(),
        expiresAt: z.string(),
        isExpired: z.boolean(),
        /** Written down at most once a minute. */
        usedAt: z.string().nullable(),
      }),
    ),
  }),
  permission: "own",
  effect: "read",
  fresh: true,
  audit: "none: names and ends of tokens; nothing is shown that signs in",
  run: ({ store, scope, clock, caller }) =>
    store.read(async (tx) => {
      const all = await listApiTokens(tx, scope);
      const shown = caller.permissions.has("accounts")
        ? all
        : all.filter(({ accountId }) => accountId !== null && accountId === caller.accountId);
      const tokens = [];
      for (const { tokenId, name, accountId, scopes, createdMs, expiresMs, usedMs } of shown) {
        const owner = accountId === null ? null : await findAccount(tx, accountId);
        tokens.push({
          id: tokenId,
          name,
          account: owner && { id: owner.accountId, name: owner.name },
          scopes: [...scopes],
          createdAt: new Date(createdMs).toISOString(),
          expiresAt: new Date(expiresMs).toISOString(),
          isExpired: clock.now() >= expiresMs,
          usedAt: usedMs === null ? null : new Date(usedMs).toISOString(),
        });
      }
      return { tokens };
    }),
});
