import { z } from "zod";

import { Failure } from "../../domain/index.ts";
import { deleteApiToken, listApiTokens } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const revokeToken = defineOperation({
  id: "revokeToken",
  title: "Revoke an API token",
  summary: "Ends a token at once: one's own, or with the right to manage accounts any one of the tenant.",
  input: z.object({ id: z.string().min(1).max(100) }),
  output: z.object({ id: z.string(), name: z.string() }),
  permission: "own",
  effect: "write",
  audit: { event: "token.revoked", facts: ({ id }) => ({ token: id }) },
  run: ({ store, scope, caller }, { id }) =>
    store.write(async (tx) => {
      const found = (await listApiTokens(tx, scope)).find(({ tokenId }) => tokenId === id);
      const isOwn = found?.accountId != null && found.accountId === caller.accountId;
      // That of somebody else is one that there is not, for who may not see it.
      if (found === undefined || (!isOwn && !caller.permissions.has("accounts"))) {
        throw new Failure("access.unknown", { what: "token" });
      }
      await deleteApiToken(tx, scope, id);
      return { id, name: found.name };
    }),
});
