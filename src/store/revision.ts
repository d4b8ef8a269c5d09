import { intOf } from "./decode.ts";
import { sessionOf, type Session } from "./session.ts";
import type { LogState, Scope, Tx } from "./types.ts";

/** Stands for one state of a tenant's rows: what was worked out from them holds as long as this object is given. */
export interface Revision {
  readonly tenantId: number;
}

/**
 * The state that this transaction sees: the same object as before while neither a sync committed anything nor the
 * people or the owners changed. Null in a transaction that writes, and for rows behind which no ledger stands: nothing
 * tells when those change.
 */
export async function revisionOf(tx: Tx, scope: Scope): Promise<Revision | null> {
  const session = sessionOf(tx);
  if (session.mode === "write") return null;
  const { tenantId } = scope;
  const log = await session.first("select size, last_at_ms from logs where tenant_id = ?", [tenantId]);
  if (log === undefined) return null;
  const place = { size: intOf(log, "size"), lastAtMs: intOf(log, "last_at_ms") };
  const key = keyOf(place, await countersOf(session, tenantId));
  const before = session.dims.revisions.get(tenantId);
  if (before?.key === key) return before.revision;
  const revision = { tenantId };
  session.dims.revisions.set(tenantId, { key, revision });
  return revision;
}

/** Where a tenant's log stood. */
type LogPlace = Pick<LogState, "size" | "lastAtMs">;

/**
 * Says that the log grew from one place to the other by leaves about ourselves alone: no row changed, so that the
 * revision stays. To be told when that is committed; where more has come since, nothing is kept.
 */
export async function keepRevision(
  tx: Tx,
  { tenantId }: Scope,
  { from, to }: { readonly from: LogPlace; readonly to: LogPlace },
): Promise<void> {
  const session = sessionOf(tx);
  const counters = await countersOf(session, tenantId);
  const before = session.dims.revisions.get(tenantId);
  if (before?.key !== keyOf(from, counters)) return;
  session.dims.revisions.set(tenantId, { key: keyOf(to, counters), revision: before.revision });
}

function keyOf({ size, lastAtMs }: LogPlace, counters: string): string {
  return `${size} ${lastAtMs} ${counters}`;
}

async function countersOf(session: Session, tenantId: number): Promise<string> {
  return `${await session.dimEra(tenantId)} ${await session.peopleEra(tenantId)}`;
}
