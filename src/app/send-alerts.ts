import { openOutbound, postJson } from "../anchors/index.ts";
import { isFailure } from "../domain/index.ts";
import { catalog, readSettings, runOperation, type OperationContext } from "../operations/index.ts";
import { forgetAlert } from "../store/index.ts";

/** A receiver that took none of so many is not there: others wait for this round to end. */
const MOST_REFUSED = 3;

/**
 * Sends a tenant's new alerts to its webhook, if it has one, and gives how many arrived. What did not arrive is due
 * again at the next look: refused, not tried any more, or cut off by the signal.
 */
export async function sendAlerts(context: OperationContext): Promise<number> {
  const { store, scope, log, outside, signal } = context;
  const { alertWebhookUrl } = await store.read((tx) => readSettings(tx, scope));
  if (alertWebhookUrl === null) return 0;
  const { alerts } = await runOperation(context, await catalog.checkAlerts(), {});
  const outbound = openOutbound({ ...outside, signal });
  const unsent = new Set(alerts.map(({ key }) => key));
  let refused = 0;
  try {
    for (const alert of alerts) {
      if (signal.aborted || refused === MOST_REFUSED) break;
      try {
        await postJson(outbound, new URL(alertWebhookUrl), { source: "bursar", tenant: scope.tenant, ...alert });
        unsent.delete(alert.key);
        refused = 0;
      } catch (thrown) {
        if (signal.aborted) break;
        if (!isFailure(thrown)) throw thrown;
        refused += 1;
        // The address may hold a secret of its receiver: it is not logged.
        log("warn", "alert.not_sent", { kind: alert.kind, code: thrown.code });
      }
    }
  } finally {
    await outbound.close();
    if (unsent.size > 0) {
      await store.write(async (tx) => {
        for (const key of unsent) await forgetAlert(tx, scope, key);
      });
    }
  }
  return alerts.length - unsent.size;
}
