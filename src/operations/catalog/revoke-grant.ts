import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { deleteOauthGrant, findOauthGrant } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const revokeGrant = defineOperation({
  id: "revokeGrant",
  title: "Disconnect an assistant",
  summary: "Ends what an assistant was allowed, at once: by oneself, or with the right to manage accounts by anybody.",
  input: z.object({ id: z.string().min(1).max(100) }),
  output: z.object({ id: z.string(), account: z.string(), client: z.object({ id: z.string(), name: z.string() }) }),
  permission: "own",
  effect: "write",
  audit: {
    event: "grant.revoked",
    facts: ({ id, account, client }) => ({ grant: id, account, client: client.id, by: "person" }),
  },
  run: ({ store, scope, caller }, { id }) =>
    store.write(async (tx) => {
      const found = await findOauthGrant(tx, id);
      const isOwn = found !== null && found.accountId === caller.accountId;
      // That of somebody else is one that there is not, for who may not see it.
      if (found?.tenant.tenantId !== scope.tenantId || (!isOwn && !caller.permissions.has("accounts"))) {
        throw new Failure("access.unknown", { what: "grant" });
      }
      await deleteOauthGrant(tx, scope.tenantId, id);
      return { id, account: found.accountId, client: { id: found.clientId, name: found.clientName } };
    }),
});
