import { Failure } from "../domain/index.ts";
import { intOf, textOf } from "./decode.ts";
import { sessionOf, type Session } from "./session.ts";
import type { LeaseAnswer, Scope, Tx, WriteTx } from "./types.ts";

/** The one thing leased today: writing to a tenant's log. */
const WRITER = "writer";

/**
 * Asks to be the tenant's only writer until `nowMs + ttlMs`. An expired lease is taken over.
 *
 * The token grows with every holder, so a former one can be told from the present one (`assertLease`).
 */
export async function acquireLease(
  tx: WriteTx,
  scope: Scope,
  { holder, nowMs, ttlMs }: { readonly holder: string; readonly nowMs: number; readonly ttlMs: number },
): Promise<LeaseAnswer> {
  const untilMs = nowMs + ttlMs;
  const row = await sessionOf(tx).first(
    `insert into leases (tenant_id, name, holder, token, expires_ms) values (?, ?, ?, 1, ?)
     on conflict (tenant_id, name) do update
     set holder = excluded.holder, token = leases.token + 1, expires_ms = excluded.expires_ms
     where leases.expires_ms <= ?
     returning token`,
    [scope.tenantId, WRITER, holder, untilMs, nowMs],
  );
  if (row) return { acquired: true, token: intOf(row, "token"), untilMs };
  const held = await currentLease(tx, scope);
  if (!held) throw new Error("a lease that was refused is not there");
  return { acquired: false, holder: held.holder, untilMs: held.untilMs };
}

/**
 * Keeps the lease for another while.
 *
 * @throws Failure `sync.lease_lost` when somebody else has it.
 */
export async function renewLease(
  tx: WriteTx,
  scope: Scope,
  { token, nowMs, ttlMs }: { readonly token: number; readonly nowMs: number; readonly ttlMs: number },
): Promise<void> {
  const sql = "update leases set expires_ms = ? where tenant_id = ? and name = ? and token = ?";
  const renewed = await sessionOf(tx).run(sql, [nowMs + ttlMs, scope.tenantId, WRITER, token]);
  if (renewed !== 1) throw new Failure("sync.lease_lost");
}

/** Gives the lease back. Nothing happens when somebody else has it by now. */
export async function releaseLease(tx: WriteTx, scope: Scope, token: number): Promise<void> {
  const sql = "update leases set expires_ms = 0 where tenant_id = ? and name = ? and token = ?";
  await sessionOf(tx).run(sql, [scope.tenantId, WRITER, token]);
}

/** Ends whatever lease stands in a copy of a database: its holder works on the original. */
export async function endCopiedLease(tx: WriteTx, scope: Scope): Promise<void> {
  const sql = "update leases set expires_ms = 0 where tenant_id = ? and name = ?";
  await sessionOf(tx).run(sql, [scope.tenantId, WRITER]);
}

/**
 * Fails the transaction unless this token is still the tenant's writer. An expired lease that nobody took over is
 * still good: nobody else has written. Until this transaction ends nobody can take it over.
 *
 * @throws Failure `sync.lease_lost`
 */
export async function assertLease(tx: WriteTx, scope: Scope, token: number): Promise<void> {
  const session: Session = sessionOf(tx);
  const row = await session.first(`select token from leases where tenant_id = ? and name = ?${session.forUpdate}`, [
    scope.tenantId,
    WRITER,
  ]);
  if (!row || intOf(row, "token") !== token) throw new Failure("sync.lease_lost");
}

/** Who holds the lease, or held it last. */
export async function currentLease(
  tx: Tx,
  scope: Scope,
): Promise<{ readonly holder: string; readonly untilMs: number; readonly token: number } | null> {
  const sql = "select holder, expires_ms, token from leases where tenant_id = ? and name = ?";
  const row = await sessionOf(tx).first(sql, [scope.tenantId, WRITER]);
  return row ? { holder: textOf(row, "holder"), untilMs: intOf(row, "expires_ms"), token: intOf(row, "token") } : null;
}
