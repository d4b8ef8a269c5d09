import { z } from "zod";

import { issueLink } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { accountName, memberNamed, refuseToken, requireMayGrant, requireOnlyHere } from "../accounts.ts";
import { defineOperation } from "../define.ts";
import { issuedLinkShape, linkSaid } from "../issued-link.ts";

export const issueSignInLink = defineOperation({
  id: "issueSignInLink",
  title: "Issue a sign-in link",
  summary: "Makes a link that signs an account in once, for somebody who lost their password or their invitation.",
  input: z.object({
    account: accountName,
    purpose: z
      .enum(["invitation", "sign-in"])
      .optional()
      .describe("invitation asks for a password; by default where the account has none"),
  }),
  output: z.object({ account: z.string(), link: issuedLinkShape }),
  permission: "accounts",
  effect: "write",
  audit: {
    event: "link.issued",
    facts: ({ account, link }) => ({ account, purpose: link.purpose, expires_at: link.expiresAt }),
  },
  run: async ({ store, scope, clock, random, caller }, { account: named, purpose: asked }) => {
    refuseToken(caller);
    return store.write(async (tx) => {
      const { account, role, people, disabled } = await memberNamed(tx, scope, named);
      if (disabled) {
        throw new Failure("input.invalid", {
          field: "account",
          problem: "is disabled",
          remedy: "Enable the account first.",
        });
      }
      requireMayGrant(caller, role, people);
      const { accountId } = account;
      await requireOnlyHere(tx, { scope, caller }, accountId);
      const purpose = asked ?? (account.passwordHash === null && account.subject === null ? "invitation" : "sign-in");
      return { account: accountId, link: linkSaid(await issueLink(tx, { clock, random }, { purpose, accountId })) };
    });
  },
});
