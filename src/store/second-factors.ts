import { INSTALLATION } from "./accounts.ts";
import { intOf, intOrNull } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Tx, WriteTx } from "./types.ts";

/** The second factor of an account, whose secret the vault has. */
export interface SecondFactorRow {
  readonly accountId: string;
  readonly createdMs: number;
  /** When a code of it was shown first; null: it does not count yet. */
  readonly confirmedMs: number | null;
  /** The time step whose code was used last; 0: none. */
  readonly usedStep: number;
  /** When there are as many tries again as there can be. */
  readonly triesFullMs: number;
}

export async function findSecondFactor(tx: Tx, accountId: string): Promise<SecondFactorRow | null> {
  const row = await sessionOf(tx).first(
    `select created_ms, confirmed_ms, used_step, tries_full_ms from second_factors
     where tenant_id = ? and account_id = ?`,
    [INSTALLATION, accountId],
  );
  if (!row) return null;
  return {
    accountId,
    createdMs: intOf(row, "created_ms"),
    confirmedMs: intOrNull(row, "confirmed_ms"),
    usedStep: intOf(row, "used_step"),
    triesFullMs: intOf(row, "tries_full_ms"),
  };
}

/**
 * As `findSecondFactor`, and nobody else changes it until this transaction ends: of two who use one code at once, the
 * second sees that it was used.
 */
export async function lockSecondFactor(tx: WriteTx, accountId: string): Promise<SecondFactorRow | null> {
  const session = sessionOf(tx);
  const sql = `select account_id from second_factors where tenant_id = ? and account_id = ?${session.forUpdate}`;
  await session.all(sql, [INSTALLATION, accountId]);
  return findSecondFactor(tx, accountId);
}

/** Writes a factor; one that the account had is replaced. */
export async function putSecondFactor(tx: WriteTx, row: SecondFactorRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into second_factors (tenant_id, account_id, created_ms, confirmed_ms, used_step, tries_full_ms)
     values (?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, account_id) do update
     set created_ms = excluded.created_ms, confirmed_ms = excluded.confirmed_ms, used_step = excluded.used_step,
       tries_full_ms = excluded.tries_full_ms`,
    [INSTALLATION, row.accountId, row.createdMs, row.confirmedMs, row.usedStep, row.triesFullMs],
  );
}

/** Deletes a factor and its recovery codes. @returns whether there was one */
export async function deleteSecondFactor(tx: WriteTx, accountId: string): Promise<boolean> {
  const session = sessionOf(tx);
  const where = "where tenant_id = ? and account_id = ?";
  await session.run(`delete from recovery_codes ${where}`, [INSTALLATION, accountId]);
  return (await session.run(`delete from second_factors ${where}`, [INSTALLATION, accountId])) > 0;
}

/** The recovery codes of an account from now on. */
export async function insertRecoveryCodes(tx: WriteTx, accountId: string, hashes: readonly Buffer[]): Promise<void> {
  const sql = "insert into recovery_codes (tenant_id, account_id, code_hash, used_ms) values (?, ?, ?, null)";
  for (const hash of hashes) await sessionOf(tx).run(sql, [INSTALLATION, accountId, hash]);
}

/** Uses a recovery code up. @returns false when there is none or it was used: of two that race, one gets true. */
export async function takeRecoveryCode(tx: WriteTx, accountId: string, hash: Buffer, nowMs: number): Promise<boolean> {
  const sql = `update recovery_codes set used_ms = ?
     where tenant_id = ? and account_id = ? and code_hash = ? and used_ms is null`;
  return (await sessionOf(tx).run(sql, [nowMs, INSTALLATION, accountId, hash])) === 1;
}

export async function recoveryCodesLeft(tx: Tx, accountId: string): Promise<number> {
  const sql = `select count(*) as codes from recovery_codes
     where tenant_id = ? and account_id = ? and used_ms is null`;
  const row = await sessionOf(tx).first(sql, [INSTALLATION, accountId]);
  return row ? intOf(row, "codes") : 0;
}
