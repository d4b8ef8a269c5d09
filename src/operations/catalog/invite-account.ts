import { z } from "zod";

import { issueLink, newId } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import { findAccountByEmail, insertAccount, listMembers, listPeople, putMembership } from "../../store/index.ts";
import { accountSaid, accountShape, requireMayGrant, role } from "../accounts.ts";
import { defineOperation } from "../define.ts";
import { issuedLinkShape, linkSaid } from "../issued-link.ts";

export const inviteAccount = defineOperation({
  id: "inviteAccount",
  title: "Invite somebody",
  summary:
    "Makes an account in this tenant and a link with which its owner chooses a password; the link is shown once.",
  input: z.object({
    email: z.email("is no e-mail").max(320),
    name: z.string().trim().min(1).max(200).optional(),
    role: role.default("viewer"),
    people: z.boolean().default(false).describe("may see individuals"),
  }),
  output: z.object({
    account: accountShape,
    /** Null when the account is used elsewhere already: its owner signs in as before. */
    link: issuedLinkShape.nullable(),
  }),
  permission: "accounts",
  effect: "write",
  audit: {
    event: "account.invited",
    facts: ({ account, link }) => ({
      account: account.id,
      role: account.role,
      people: account.people,
      person: account.personId,
      link: link !== null,
    }),
  },
  run: async ({ store, scope, clock, random, caller }, { email: given, name, role, people }) => {
    requireMayGrant(caller, role, people);
    const email = given.trim().toLowerCase();
    return store.write(async (tx) => {
      const known = await findAccountByEmail(tx, email);
      const members = await listMembers(tx, scope);
      if (known !== null && members.some(({ accountId }) => accountId === known.accountId)) {
        throw new Failure("store.name_taken", { field: "email", name: email });
      }
      // An address is not proved to be somebody's: whoever took it first, in another tenant, would come in here.
      if (known !== null && caller.kind !== "operator") {
        throw new Failure("input.invalid", {
          field: "email",
          problem: "this address cannot be invited from here",
          remedy: `Ask whoever runs this Bursar for it: bursar account add --tenant ${scope.tenant}.`,
        });
      }
      const person = (await listPeople(tx, scope)).find(({ emails }) => emails.includes(email));
      const account = known ?? {
        accountId: newId(random, "a"),
        email,
        name: name ?? person?.name ?? email.split("@")[0]!,
        issuer: null,
        subject: null,
        contact: null,
        passwordHash: null,
        createdMs: clock.now(),
        signedInMs: null,
        secondFactorMs: null,
      };
      if (known === null) await insertAccount(tx, account);
      const { accountId } = account;
      const personId = person?.personId ?? null;
      const membership = { tenantId: scope.tenantId, accountId, role, people, personId, disabled: false };
      await putMembership(tx, membership);
      // A link into an account that enters other tenants would let whoever invites enter them too.
      const link = known === null ? await issueLink(tx, { clock, random }, { purpose: "invitation", accountId }) : null;
      return { account: accountSaid({ ...membership, account }), link: link && linkSaid(link) };
    });
  },
});
