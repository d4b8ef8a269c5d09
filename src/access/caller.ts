import type { AccountRow, ApiTokenRow, MembershipRow } from "../store/index.ts";
import { PERMISSIONS, ROLE_PERMISSIONS, type Caller, type Permission, type Role } from "./permission.ts";

/** What a role may, with or without seeing individuals. */
export function permissionsOf(role: Role, people: boolean): ReadonlySet<Permission> {
  return new Set<Permission>([...ROLE_PERMISSIONS[role], ...(people ? (["people"] as const) : [])]);
}

/** An account in one of its tenants. */
export function callerOfSession(account: AccountRow, membership: MembershipRow, sessionId: string): Caller {
  return {
    kind: "account",
    id: account.accountId,
    name: account.name,
    role: membership.role,
    permissions: permissionsOf(membership.role, membership.people),
    personId: membership.personId,
    accountId: account.accountId,
    sessionId,
  };
}

/**
 * A token in its tenant: what its scopes say, as far as its account may that itself today.
 *
 * @param owner the membership of its account, or null for a token of the operator
 */
export function callerOfToken(token: ApiTokenRow, owner: MembershipRow | null): Caller {
  const most = owner === null ? TOKEN_SCOPES : permissionsOf(owner.role, owner.people);
  const scopes = new Set(token.scopes);
  return {
    kind: "token",
    id: token.tokenId,
    name: token.name,
    role: null,
    permissions: new Set([...most].filter((permission) => scopes.has(permission))),
    personId: owner?.personId ?? null,
    accountId: token.accountId,
  };
}

/** What a token can be made for: everything but what needs the machine itself. */
export const TOKEN_SCOPES: readonly Permission[] = PERMISSIONS.filter((permission) => permission !== "operate");

/** How the ledger names who did something: by an id, never by a name or an e-mail. */
export function principalOf(caller: Caller): string {
  return caller.kind === "operator" ? caller.id : `${caller.kind}:${caller.id}`;
}

/** Names the caller in limits: one account with many tokens is one caller. */
export function subjectOf(caller: Caller): string {
  return caller.accountId ? `account:${caller.accountId}` : principalOf(caller);
}
