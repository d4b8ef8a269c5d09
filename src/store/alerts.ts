import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/** Whether an alert was noted just now for the first time, and else whether its receiver took it. */
export type AlertState = "new" | "pending" | "arrived";

/** Notes an alert before it is sent: one that is cut off, even by the power, is then known to be pending. */
export async function noteAlert(tx: WriteTx, scope: Scope, alertKey: string, nowMs: number): Promise<AlertState> {
  const session = sessionOf(tx);
  const added = await session.run(
    `insert into alerts_sent (tenant_id, alert_key, sent_ms) values (?, ?, ?)
     on conflict (tenant_id, alert_key) do nothing`,
    [scope.tenantId, alertKey, nowMs],
  );
  if (added > 0) return "new";
  const [row] = await session.all("select arrived_ms from alerts_sent where tenant_id = ? and alert_key = ?", [
    scope.tenantId,
    alertKey,
  ]);
  return row?.["arrived_ms"] === null ? "pending" : "arrived";
}

/** The receiver took it: it is not sent again. */
export async function keepAlertArrived(tx: WriteTx, scope: Scope, alertKey: string, nowMs: number): Promise<void> {
  await sessionOf(tx).run("update alerts_sent set arrived_ms = ? where tenant_id = ? and alert_key = ?", [
    nowMs,
    scope.tenantId,
    alertKey,
  ]);
}
