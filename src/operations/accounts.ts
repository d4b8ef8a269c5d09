import { z } from "zod";

import { isPassword, mayGrant, permissionsOf, RateLimit, type Caller, type Role } from "../access/index.ts";
import { Failure, type Clock, type Scope } from "../domain/index.ts";
import {
  findAccountByEmail,
  listMembers,
  membershipsOf,
  type AccountRow,
  type MembershipRow,
  type Store,
  type Tx,
} from "../store/index.ts";

export const role = z.enum(["viewer", "analyst", "admin", "auditor"]);

/** An account by its id or its e-mail. */
export const accountName = z.string().min(1).max(320).describe("id or e-mail of an account");

/** What somebody types who has a second factor. */
export const factorCode = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe("a code of the authenticator app, or a recovery code");

/** An account as it stands in one tenant. */
export const accountShape = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  role,
  /** May see individuals. */
  people: z.boolean(),
  disabled: z.boolean(),
  personId: z.string().nullable(),
  signsInWith: z.array(z.enum(["password", "sso"])),
  /** Asks for a code of an app besides the password. */
  secondFactor: z.boolean(),
  createdAt: z.string(),
  signedInAt: z.string().nullable(),
});

export type Member = MembershipRow & { readonly account: AccountRow };

export function accountSaid({ account, role, people, disabled, personId }: Member): z.output<typeof accountShape> {
  return {
    id: account.accountId,
    email: account.email ?? account.contact,
    name: account.name,
    role,
    people,
    disabled,
    personId,
    signsInWith: [
      ...(account.passwordHash === null ? [] : (["password"] as const)),
      ...(account.subject === null ? [] : (["sso"] as const)),
    ],
    secondFactor: account.secondFactorMs !== null,
    createdAt: new Date(account.createdMs).toISOString(),
    signedInAt: account.signedInMs === null ? null : new Date(account.signedInMs).toISOString(),
  };
}

/**
 * The account of this tenant. One of another tenant is one that there is not.
 *
 * @throws Failure `access.unknown`
 */
export async function memberNamed(tx: Tx, scope: Scope, named: string): Promise<Member> {
  const byEmail = named.includes("@") ? (await findAccountByEmail(tx, named))?.accountId : named;
  const members = await listMembers(tx, scope);
  const found = members.find(({ accountId }) => accountId === byEmail);
  if (found !== undefined) return found;
  // What a provider says of somebody's address names nobody: another one could have said the same.
  const bySso = members.filter(({ account }) => account.contact?.toLowerCase() === named.trim().toLowerCase());
  if (bySso.length === 0) throw new Failure("access.unknown", { what: "account" });
  const ids = bySso.map(({ accountId, account }) => `${accountId} (${account.name})`).join(" or ");
  throw new Failure("input.invalid", {
    field: "account",
    problem: "signs in by single sign-on, and is named by an id",
    remedy: `Name it so: ${ids}.`,
  });
}

/**
 * The account behind a session or a token.
 *
 * @throws Failure `access.unknown` for an operator, who has none.
 */
export function ownAccountId({ accountId }: Caller): string {
  if (accountId === undefined || accountId === null) throw new Failure("access.unknown", { what: "account" });
  return accountId;
}

/**
 * Whose sessions are meant: the caller's own; another account's for who manages accounts.
 *
 * @throws Failure `access.forbidden`, `access.unknown`
 */
export async function sessionsAccount(
  tx: Tx,
  { scope, caller }: { readonly scope: Scope; readonly caller: Caller },
  named: string | undefined,
): Promise<string> {
  if (named === undefined || named === caller.accountId) return ownAccountId(caller);
  if (!caller.permissions.has("accounts")) throw new Failure("access.forbidden", { permission: "accounts" });
  const member = await memberNamed(tx, scope, named);
  requireMayGrant(caller, member.role, member.people);
  return member.accountId;
}

/** @throws Failure `access.not_by_token`: what a stolen token could make itself last with. */
export function refuseToken({ kind }: Caller): void {
  if (kind === "token" || kind === "grant") throw new Failure("access.not_by_token");
}

/**
 * Whoever made another way into an account could go wherever it goes: that must be nowhere that they cannot go themselves.
 *
 * @throws Failure `access.above_own`
 */
export async function requireOnlyHere(
  tx: Tx,
  { scope, caller }: { readonly scope: Scope; readonly caller: Caller },
  accountId: string,
): Promise<void> {
  const elsewhere = (await membershipsOf(tx, accountId)).some(({ tenantId }) => tenantId !== scope.tenantId);
  if (elsewhere && caller.kind !== "operator") {
    throw new Failure("access.above_own", { permissions: "the account enters other tenants too" });
  }
}

/** As many as at the door: whoever found a browser open must not find the password there. */
const OWN_PASSWORD = { burst: 10, everyMs: 60_000 };
/** Of each database of this process, by account. */
const ownTries = new WeakMap<Store, RateLimit>();

/**
 * That this is the caller's own password. Wrong ones are counted in memory.
 *
 * @throws Failure `input.invalid` for the field `current`, `access.too_many_attempts`
 */
export async function requireOwnPassword(
  { store, clock }: { readonly store: Store; readonly clock: Pick<Clock, "now"> },
  account: AccountRow,
  typed: string,
): Promise<void> {
  if (account.passwordHash === null) return;
  const tries = ownTries.get(store) ?? new RateLimit(clock, OWN_PASSWORD);
  ownTries.set(store, tries);
  const wait = tries.take(account.accountId);
  if (wait > 0) throw new Failure("access.too_many_attempts", { seconds: Math.ceil(wait / 1_000) });
  if (await isPassword(account.passwordHash, typed)) return tries.reset(account.accountId);
  throw new Failure("input.invalid", {
    field: "current",
    problem: "is not your password",
    remedy: "Type the one you sign in with.",
  });
}

/** @throws Failure `access.above_own` */
export function requireMayGrant(caller: Caller, role: Role, people: boolean): void {
  if (mayGrant(caller, role, people)) return;
  const lacking = [...permissionsOf(role, people)].filter((one) => one !== "own" && !caller.permissions.has(one));
  throw new Failure("access.above_own", { permissions: lacking.join(", ") });
}
