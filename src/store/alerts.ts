import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/** Notes an alert as sent, and says whether it was so for the first time. */
export async function noteAlert(tx: WriteTx, scope: Scope, alertKey: string, sentMs: number): Promise<boolean> {
  const changed = await sessionOf(tx).run(
    `insert into alerts_sent (tenant_id, alert_key, sent_ms) values (?, ?, ?)
     on conflict (tenant_id, alert_key) do nothing`,
    [scope.tenantId, alertKey, sentMs],
  );
  return changed > 0;
}

/** Takes the note back: what did not arrive is due again. */
export async function forgetAlert(tx: WriteTx, scope: Scope, alertKey: string): Promise<void> {
  await sessionOf(tx).run("delete from alerts_sent where tenant_id = ? and alert_key = ?", [scope.tenantId, alertKey]);
}
