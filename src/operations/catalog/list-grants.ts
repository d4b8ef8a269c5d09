import { z } from "zod";

import { findAccount, listOauthGrants } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const listGrants = defineOperation({
  id: "listGrants",
  title: "List connected assistants",
  summary:
    "The assistants that one allowed to come in, or with the right to manage accounts all of the tenant: client, scopes, since when, last use.",
  input: z.object({}),
  output: z.object({
    grants: z.array(
      z.object({
        id: z.string(),
        client: z.object({
          /** For some the address of the document that describes it. */
          id: z.string(),
          /** What it calls itself. */
          name: z.string(),
        }),
        /** Who allowed it, and as whom it comes in. */
        account: z.object({ id: z.string(), name: z.string() }),
        scopes: z.array(z.string()),
        createdAt: z.string(),
        expiresAt: z.string(),
        /** Written down at most once a minute. */
        usedAt: z.string().nullable(),
      }),
    ),
  }),
  permission: "own",
  effect: "read",
  fresh: true,
  audit: "none: names and ends of grants; nothing is shown that lets anybody in",
  run: ({ store, scope, clock, caller }) =>
    store.read(async (tx) => {
      const all = await listOauthGrants(tx, scope, clock.now());
      const shown = caller.permissions.has("accounts")
        ? all
        : all.filter(({ accountId }) => accountId === caller.accountId);
      const grants = [];
      for (const { grantId, accountId, clientId, clientName, scopes, createdMs, expiresMs, usedMs } of shown) {
        const account = await findAccount(tx, accountId);
        grants.push({
          id: grantId,
          client: { id: clientId, name: clientName },
          account: { id: accountId, name: account?.name ?? accountId },
          scopes: [...scopes],
          createdAt: new Date(createdMs).toISOString(),
          expiresAt: new Date(expiresMs).toISOString(),
          usedAt: usedMs === null ? null : new Date(usedMs).toISOString(),
        });
      }
      return { grants };
    }),
});
