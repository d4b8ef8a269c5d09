import { z } from "zod";

import { leavesAnAdmin } from "../../access/index.ts";
import { Failure } from "../../domain/index.ts";
import {
  deleteSessionsOf,
  listMembers,
  listPeople,
  lockMembers,
  membershipsOf,
  putMembership,
  updateAccount,
  withdrawLinks,
  type Tx,
} from "../../store/index.ts";
import {
  accountName,
  accountSaid,
  accountShape,
  memberNamed,
  requireMayGrant,
  role,
  type Member,
} from "../accounts.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";

export const changeAccount = defineOperation({
  id: "changeAccount",
  title: "Change an account",
  summary: "Changes what an account may do in this tenant, who it is in the roster, or whether it may come in at all.",
  input: z
    .object({
      account: accountName,
      name: z.string().trim().min(1).max(200).optional(),
      role: role.optional(),
      people: z.boolean().optional().describe("may see individuals"),
      disabled: z.boolean().optional(),
      personId: z.string().max(100).nullable().optional().describe("id of a person of the roster, or null for nobody"),
    })
    .refine((order) => Object.keys(order).length > 1, {
      path: ["account"],
      message: "nothing to change is given",
    }),
  output: z.object({
    account: accountShape,
    changed: z.array(z.enum(["name", "role", "people", "disabled", "personId"])),
    sessionsEnded: z.int(),
  }),
  permission: "accounts",
  effect: "write",
  audit: {
    event: ({ changed }) => (changed.length === 0 ? null : "account.changed"),
    facts: ({ account, changed, sessionsEnded }) => ({
      account: account.id,
      changed,
      role: account.role,
      people: account.people,
      disabled: account.disabled,
      person: account.personId,
      sessions_ended: sessionsEnded,
    }),
  },
  run: async ({ store, scope, caller }, { account: named, ...wanted }) =>
    store.write(async (tx) => {
      await lockMembers(tx, scope);
      const before = await memberNamed(tx, scope, named);
      // Both what is taken and what is given must be the caller's own to have.
      requireMayGrant(caller, before.role, before.people);
      requireMayGrant(caller, wanted.role ?? before.role, wanted.people ?? before.people);
      const { account, ...membership } = before;
      const next = {
        ...membership,
        role: wanted.role ?? before.role,
        people: wanted.people ?? before.people,
        disabled: wanted.disabled ?? before.disabled,
        personId: wanted.personId === undefined ? before.personId : wanted.personId,
      };
      if (!leavesAnAdmin(await listMembers(tx, scope), next)) throw new Failure("access.last_admin");
      await requirePerson(tx, { scope, caller }, before, next.personId);
      const name = wanted.name ?? account.name;
      if (name !== account.name) {
        const elsewhere = (await membershipsOf(tx, account.accountId)).length > 1;
        if (elsewhere && caller.kind !== "operator") {
          throw new Failure("access.above_own", { permissions: "the account enters other tenants too" });
        }
        await updateAccount(tx, { ...account, name });
      }
      await putMembership(tx, next);
      const changed = (["role", "people", "disabled", "personId"] as const).filter((one) => next[one] !== before[one]);
      // What an account may do is asked with every request; yet who was told to go should be gone.
      const isOther = changed.some((one) => one !== "personId");
      const sessionsEnded = isOther ? await deleteSessionsOf(tx, account.accountId) : 0;
      if (next.disabled && !before.disabled) await withdrawLinks(tx, { accountId: account.accountId });
      return {
        account: accountSaid({ ...next, account: { ...account, name } }),
        changed: [...(name === account.name ? [] : (["name"] as const)), ...changed],
        sessionsEnded,
      };
    }),
});

/** An account that is somebody of the roster sees their page: nobody chooses that who may not see individuals. */
async function requirePerson(
  tx: Tx,
  { scope, caller }: Pick<OperationContext, "scope" | "caller">,
  { account, personId: before }: Member,
  personId: string | null,
): Promise<void> {
  if (personId === null || personId === before) return;
  const person = (await listPeople(tx, scope)).find((one) => one.personId === personId);
  const isNamed = account.email !== null && person?.emails.includes(account.email) === true;
  if (!caller.permissions.has("people") && !isNamed) throw new Failure("access.above_own", { permissions: "people" });
  if (person === undefined) throw new Failure("access.unknown", { what: "person" });
}
