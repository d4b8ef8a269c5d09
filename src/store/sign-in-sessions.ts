import type { SqlRow } from "./connection.ts";
import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Tx, WriteTx } from "./types.ts";

/** A signed-in browser. */
export interface SignInSessionRow {
  /** `s_` and 12 hex: names it in lists; of no use for signing in. */
  readonly sessionId: string;
  readonly accountId: string;
  readonly createdMs: number;
  readonly seenMs: number;
  /** How long it may lie unused. */
  readonly idleMs: number;
  /** When it ends however much it is used. */
  readonly endsMs: number;
  /** The browser, in a few words. */
  readonly agent: string;
}

/** Sessions belong to the installation: one may enter several tenants. */
const INSTALLATION = 0;

export async function insertSession(tx: WriteTx, tokenHash: Buffer, row: SignInSessionRow): Promise<void> {
  await sessionOf(tx).run(
    `insert into sign_in_sessions
     (tenant_id, token_hash, session_id, account_id, created_ms, seen_ms, idle_ms, ends_ms, agent)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      INSTALLATION,
      tokenHash,
      row.sessionId,
      row.accountId,
      row.createdMs,
      row.seenMs,
      row.idleMs,
      row.endsMs,
      row.agent,
    ],
  );
}

export async function findSession(tx: Tx, tokenHash: Buffer): Promise<SignInSessionRow | null> {
  const sql = `select ${COLUMNS} from sign_in_sessions where tenant_id = ? and token_hash = ?`;
  const row = await sessionOf(tx).first(sql, [INSTALLATION, tokenHash]);
  return row ? signInSession(row) : null;
}

/** Sessions of an account, the one seen last first; ended ones that nobody swept yet too. */
export async function listSessionsOf(tx: Tx, accountId: string): Promise<SignInSessionRow[]> {
  const sql = `select ${COLUMNS} from sign_in_sessions
     where tenant_id = ? and account_id = ?
     order by seen_ms desc, session_id`;
  return (await sessionOf(tx).all(sql, [INSTALLATION, accountId])).map(signInSession);
}

export async function touchSession(tx: WriteTx, tokenHash: Buffer, nowMs: number): Promise<void> {
  const sql = "update sign_in_sessions set seen_ms = ? where tenant_id = ? and token_hash = ? and seen_ms < ?";
  await sessionOf(tx).run(sql, [nowMs, INSTALLATION, tokenHash, nowMs]);
}

/** @returns whether the account had such a session. */
export async function deleteSession(tx: WriteTx, accountId: string, sessionId: string): Promise<boolean> {
  const sql = "delete from sign_in_sessions where tenant_id = ? and account_id = ? and session_id = ?";
  return (await sessionOf(tx).run(sql, [INSTALLATION, accountId, sessionId])) > 0;
}

/** @returns how many there were. */
export async function deleteSessionsOf(tx: WriteTx, accountId: string, but: string | null = null): Promise<number> {
  const sql = "delete from sign_in_sessions where tenant_id = ? and account_id = ? and session_id <> ?";
  return sessionOf(tx).run(sql, [INSTALLATION, accountId, but ?? ""]);
}

/** Forgets what has ended by itself. */
export async function sweepSessions(tx: WriteTx, nowMs: number): Promise<void> {
  const sql = "delete from sign_in_sessions where tenant_id = ? and (ends_ms <= ? or seen_ms + idle_ms <= ?)";
  await sessionOf(tx).run(sql, [INSTALLATION, nowMs, nowMs]);
}

const COLUMNS = "session_id, account_id, created_ms, seen_ms, idle_ms, ends_ms, agent";

function signInSession(row: SqlRow): SignInSessionRow {
  return {
    sessionId: textOf(row, "session_id"),
    accountId: textOf(row, "account_id"),
    createdMs: intOf(row, "created_ms"),
    seenMs: intOf(row, "seen_ms"),
    idleMs: intOf(row, "idle_ms"),
    endsMs: intOf(row, "ends_ms"),
    agent: textOf(row, "agent"),
  };
}
