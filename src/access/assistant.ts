import { findAccount, findOauthGrant, membershipsOf, type MembershipRow, type Tx } from "../store/index.ts";
import type { Clock } from "../domain/index.ts";
import { permissionsOf } from "./caller.ts";
import { PERMISSIONS, type Caller, type Permission } from "./permission.ts";
import type { Signed } from "./signed.ts";

const OF_ASSISTANTS: ReadonlySet<string> = new Set(["read", "export", "people", "audit", "sync", "manage", "own"]);

/** What an assistant can be allowed: to ask, to prove, to order a sync. How Bursar is set up stays with people. */
export const ASSISTANT_SCOPES: readonly Permission[] = PERMISSIONS.filter((one) => OF_ASSISTANTS.has(one));

/** An assistant that somebody allowed to come in as them. */
export interface Assistant {
  /** Names it in our ledger: `g_` and 12 hex, or `x_` and 12 hex where another server keeps the grant. */
  readonly id: string;
  /** What the client calls itself. */
  readonly name: string;
  readonly scopes: readonly string[];
}

/**
 * An assistant as an account in one of its tenants: what it was allowed, as far as the account may that itself today.
 */
export function callerOfAssistant({ id, name, scopes }: Assistant, owner: MembershipRow): Caller {
  const may = permissionsOf(owner.role, owner.people);
  return {
    kind: "grant",
    id,
    name,
    role: null,
    permissions: new Set(ASSISTANT_SCOPES.filter((one) => scopes.includes(one) && may.has(one))),
    personId: owner.personId,
    accountId: owner.accountId,
  };
}

/** A grant as an access token names it. */
export interface ShownGrant {
  readonly grantId: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly tenant: string;
  /** Of this token: it may be narrower than its grant, never wider. */
  readonly scopes: readonly string[];
}

/** Who comes in with a grant; null when it was revoked, has expired, or its account may not enter its tenant any more. */
export async function signedByGrant(tx: Tx, clock: Pick<Clock, "now">, shown: ShownGrant): Promise<Signed | null> {
  const grant = await findOauthGrant(tx, shown.grantId);
  if (grant === null || clock.now() >= grant.expiresMs) return null;
  const { tenant, accountId, clientId, clientName, usedMs } = grant;
  if (accountId !== shown.accountId || clientId !== shown.clientId || tenant.name !== shown.tenant) return null;
  const scopes = grant.scopes.filter((one) => shown.scopes.includes(one));
  const account = await findAccount(tx, accountId);
  const memberships = await membershipsOf(tx, accountId);
  const owner = memberships.find(({ tenantId, disabled }) => tenantId === tenant.tenantId && !disabled);
  if (account === null || owner === undefined) return null;
  const caller = callerOfAssistant({ id: grant.grantId, name: clientName, scopes }, owner);
  return { kind: "grant", account, tenants: [{ ...tenant, caller }], seenMs: usedMs };
}
