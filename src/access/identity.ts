import type { Clock, Random } from "../domain/index.ts";
import {
  deleteSessionsOf,
  findAccountBySubject,
  insertAccount,
  listPeople,
  listTenants,
  membershipsOf,
  putMembership,
  removeMembership,
  updateAccount,
  type AccountRow,
  type MembershipRow,
  type TenantRow,
  type WriteTx,
} from "../store/index.ts";
import type { Role } from "./permission.ts";
import { newId } from "./secrets.ts";

/** What an identity provider says about somebody, signed by it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  /** Values of the role claim. */
  readonly roles: readonly string[];
}

/** A value of the role claim, and what it makes of somebody. */
export interface RoleRule {
  readonly value: string;
  readonly role: Role;
  readonly tenant: string;
}

export interface KnownIdentity {
  readonly account: AccountRow;
  readonly isNew: boolean;
  /** Tenants in which the claim says something else than before. */
  readonly changed: readonly { readonly tenant: TenantRow; readonly role: MembershipRow["role"] | null }[];
}

/**
 * The account of an identity, which is its issuer and subject and never its e-mail: made at the first sign-in if the
 * claim gives it a role. What it may do is what the claim says today; seeing individuals is never given by a claim.
 *
 * @returns null for a stranger whom the claim lets in nowhere.
 */
export async function accountOfIdentity(
  tx: WriteTx,
  { clock, random }: { readonly clock: Pick<Clock, "now">; readonly random: Random },
  roleMap: readonly RoleRule[],
  identity: Identity,
): Promise<KnownIdentity | null> {
  const { issuer, subject, name, email } = identity;
  const granted = new Map<string, MembershipRow["role"]>();
  for (const rule of roleMap) {
    // The first rule that fits decides, in each tenant.
    if (identity.roles.includes(rule.value) && !granted.has(rule.tenant)) granted.set(rule.tenant, rule.role);
  }
  const tenants = (await listTenants(tx)).filter((tenant) => granted.has(tenant.name));
  const known = await findAccountBySubject(tx, issuer, subject);
  if (known === null && tenants.length === 0) return null;
  const account: AccountRow = known ?? {
    accountId: newId(random, "a"),
    email: null,
    name: name.slice(0, 200),
    issuer,
    subject,
    contact: email,
    passwordHash: null,
    createdMs: clock.now(),
    signedInMs: null,
    secondFactorMs: null,
  };
  const today = { ...account, name: name.slice(0, 200), contact: email };
  if (known === null) await insertAccount(tx, account);
  else await updateAccount(tx, today);

  const before = await membershipsOf(tx, account.accountId);
  const changed: { tenant: TenantRow; role: MembershipRow["role"] | null }[] = [];
  for (const { tenant } of before.filter((membership) => !granted.has(membership.tenant.name))) {
    await removeMembership(tx, tenant.tenantId, account.accountId);
    changed.push({ tenant, role: null });
  }
  for (const tenant of tenants) {
    const { tenantId } = tenant;
    const role = granted.get(tenant.name)!;
    const was = before.find((membership) => membership.tenantId === tenantId);
    if (was?.role !== role) changed.push({ tenant, role });
    await putMembership(tx, {
      tenantId,
      accountId: account.accountId,
      role,
      people: was?.people ?? false,
      personId: was?.personId ?? (await personOf(tx, tenant, identity)),
      disabled: was?.disabled ?? false,
    });
  }
  if (changed.length > 0) await deleteSessionsOf(tx, account.accountId);
  return { account: today, isNew: known === null, changed };
}

/** Who this is in the roster, where the provider vouches for the address. */
async function personOf(tx: WriteTx, { tenantId }: TenantRow, { email, isEmailVerified }: Identity) {
  if (email === null || !isEmailVerified) return null;
  const people = await listPeople(tx, { tenantId });
  return people.find(({ emails }) => emails.includes(email))?.personId ?? null;
}

/** The texts of a claim, one or a list of them; `realm_access.roles` is the member of a member. */
export function claimValues(claims: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const direct = claims[name];
  const value = direct ?? name.split(".").reduce<unknown>((inner, part) => memberOf(inner, part), claims);
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
