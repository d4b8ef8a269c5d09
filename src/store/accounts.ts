import type { SqlRow } from "./connection.ts";
import { intOf, intOrNull, oneOf, textOf, textOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, TenantRow, Tx, WriteTx } from "./types.ts";

/** Somebody who may sign in, with a password (`email`) or through an identity provider (`issuer`, `subject`). */
export interface AccountRow {
  /** `a_` and 12 hex. */
  readonly accountId: string;
  /** Lower case. */
  readonly email: string | null;
  readonly name: string;
  readonly issuer: string | null;
  readonly subject: string | null;
  /** E-mail as the provider tells it: for showing, matched with nothing. */
  readonly contact: string | null;
  readonly passwordHash: string | null;
  readonly createdMs: number;
  readonly signedInMs: number | null;
  /** When its second factor was confirmed; null: it has none. Read only: `second-factors.ts` writes it. */
  readonly secondFactorMs: number | null;
}

/** What an account may do in one tenant. */
export interface MembershipRow {
  readonly tenantId: number;
  readonly accountId: string;
  readonly role: (typeof ROLES)[number];
  /** May see individuals. */
  readonly people: boolean;
  readonly personId: string | null;
  readonly disabled: boolean;
}

const ROLES = ["viewer", "analyst", "admin", "auditor"] as const;

/** Accounts belong to the installation, not to a tenant. */
export const INSTALLATION = 0;

/** @returns false when the e-mail or the identity has an account already. */
export async function insertAccount(tx: WriteTx, row: AccountRow): Promise<boolean> {
  const inserted = await sessionOf(tx).run(
    `insert into accounts
     (tenant_id, account_id, email, name, issuer, subject, contact, password_hash, created_ms, signed_in_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict do nothing`,
    [
      INSTALLATION,
      row.accountId,
      row.email,
      row.name,
      row.issuer,
      row.subject,
      row.contact,
      row.passwordHash,
      row.createdMs,
      row.signedInMs,
    ],
  );
  return inserted === 1;
}

export async function hasAccounts(tx: Tx): Promise<boolean> {
  return (
    (await sessionOf(tx).first("select 1 from accounts where tenant_id = ? limit 1", [INSTALLATION])) !== undefined
  );
}

export async function findAccount(tx: Tx, accountId: string): Promise<AccountRow | null> {
  return firstAccount(tx, "account_id = ?", [accountId]);
}

/** @param email in any case of letters. */
export async function findAccountByEmail(tx: Tx, email: string): Promise<AccountRow | null> {
  return firstAccount(tx, "email = ?", [email.trim().toLowerCase()]);
}

export async function findAccountBySubject(tx: Tx, issuer: string, subject: string): Promise<AccountRow | null> {
  return firstAccount(tx, "issuer = ? and subject = ?", [issuer, subject]);
}

/** Writes an account again; the row is as it was read but for what changed. */
export async function updateAccount(tx: WriteTx, row: AccountRow): Promise<void> {
  await sessionOf(tx).run(
    `update accounts set email = ?, name = ?, contact = ?, password_hash = ?, signed_in_ms = ?
     where tenant_id = ? and account_id = ?`,
    [row.email, row.name, row.contact, row.passwordHash, row.signedInMs, INSTALLATION, row.accountId],
  );
}

/** Says what an account may do in a tenant; what was said before is replaced. */
export async function putMembership(tx: WriteTx, row: MembershipRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into account_tenants (tenant_id, account_id, role, people, person_id, disabled) values (?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, account_id) do update
     set role = excluded.role, people = excluded.people, person_id = excluded.person_id, disabled = excluded.disabled`,
    [row.tenantId, row.accountId, row.role, row.people ? 1 : 0, row.personId, row.disabled ? 1 : 0],
  );
}

/** An account may no longer enter a tenant, and what it might there is forgotten. */
export async function removeMembership(tx: WriteTx, tenantId: number, accountId: string): Promise<void> {
  const sql = "delete from account_tenants where tenant_id = ? and account_id = ?";
  await sessionOf(tx).run(sql, [tenantId, accountId]);
}

/** The tenants of an account, the oldest first; those where it is disabled too. */
export async function membershipsOf(
  tx: Tx,
  accountId: string,
): Promise<(MembershipRow & { readonly tenant: TenantRow })[]> {
  const rows = await sessionOf(tx).all(
    `select ${MEMBERSHIP}, t.name as tenant_name, t.created_at
     from account_tenants m
     join tenants t on t.tenant_id = m.tenant_id
     where m.account_id = ?
     order by m.tenant_id`,
    [accountId],
  );
  return rows.map((row) => ({
    ...membershipOf(row),
    tenant: {
      tenantId: intOf(row, "tenant_id"),
      name: textOf(row, "tenant_name"),
      createdAt: intOf(row, "created_at"),
    },
  }));
}

/** The accounts of a tenant, by e-mail; the disabled ones too. */
export async function listMembers(tx: Tx, scope: Scope): Promise<(MembershipRow & { readonly account: AccountRow })[]> {
  const rows = await sessionOf(tx).all(
    `select ${MEMBERSHIP}, ${ACCOUNT}
     from account_tenants m
     join accounts a on a.tenant_id = ${INSTALLATION} and a.account_id = m.account_id
     where m.tenant_id = ?
     order by a.email, a.account_id`,
    [scope.tenantId],
  );
  return rows.map((row) => ({ ...membershipOf(row), account: accountOf(row) }));
}

/** Keeps who is an admin as it is until this transaction ends, so that two of them cannot remove each other at once. */
export async function lockMembers(tx: WriteTx, scope: Scope): Promise<void> {
  const session = sessionOf(tx);
  await session.all(`select account_id from account_tenants where tenant_id = ?${session.forUpdate}`, [scope.tenantId]);
}

const MEMBERSHIP = "m.tenant_id, m.account_id, m.role, m.people, m.person_id, m.disabled";
const ACCOUNT = `a.account_id, a.email, a.name, a.issuer, a.subject, a.contact, a.password_hash, a.created_ms,
  a.signed_in_ms, (
    select f.confirmed_ms from second_factors f where f.tenant_id = ${INSTALLATION} and f.account_id = a.account_id
  ) as second_factor_ms`;

async function firstAccount(tx: Tx, where: string, params: readonly string[]): Promise<AccountRow | null> {
  const sql = `select ${ACCOUNT} from accounts a where tenant_id = ? and ${where}`;
  const row = await sessionOf(tx).first(sql, [INSTALLATION, ...params]);
  return row ? accountOf(row) : null;
}

function accountOf(row: SqlRow): AccountRow {
  return {
    accountId: textOf(row, "account_id"),
    email: textOrNull(row, "email"),
    name: textOf(row, "name"),
    issuer: textOrNull(row, "issuer"),
    subject: textOrNull(row, "subject"),
    contact: textOrNull(row, "contact"),
    passwordHash: textOrNull(row, "password_hash"),
    createdMs: intOf(row, "created_ms"),
    signedInMs: intOrNull(row, "signed_in_ms"),
    secondFactorMs: intOrNull(row, "second_factor_ms"),
  };
}

function membershipOf(row: SqlRow): MembershipRow {
  return {
    tenantId: intOf(row, "tenant_id"),
    accountId: textOf(row, "account_id"),
    role: oneOf(row, "role", ROLES),
    people: intOf(row, "people") === 1,
    personId: textOrNull(row, "person_id"),
    disabled: intOf(row, "disabled") === 1,
  };
}
