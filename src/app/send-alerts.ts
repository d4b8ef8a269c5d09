import { openOutbound, postJson } from "../anchors/index.ts";
import { isFailure } from "../domain/index.ts";
import { catalog, readSettings, runOperation, type OperationContext } from "../operations/index.ts";
import { keepAlertArrived } from "../store/index.ts";

/** A receiver that took none of so many is not there: others wait for this round to end. */
const MOST_REFUSED = 3;

/**
 * Sends a tenant's alerts that have not arrived to its webhook, if it has one, and gives how many did now.
 *
 * At least once: an alert is pending from before it is sent until after it was taken. What was refused, not tried any
 * more, or cut off (by the signal, a kill, the power) is due again at the next look, while it is still true; a receiver
 * tells the second copy by its `key`.
 */
export async function sendAlerts(context: OperationContext): Promise<number> {
  const { store, scope, log, outside, signal, clock } = context;
  const { alertWebhookUrl } = await store.read((tx) => readSettings(tx, scope));
  if (alertWebhookUrl === null) return 0;
  const { alerts } = await runOperation(context, await catalog.checkAlerts(), {});
  const outbound = openOutbound({ ...outside, signal });
  let arrived = 0;
  let refused = 0;
  try {
    for (const alert of alerts) {
      if (signal.aborted || refused === MOST_REFUSED) break;
      try {
        await postJson(outbound, new URL(alertWebhookUrl), { source: "bursar", tenant: scope.tenant, ...alert });
      } catch (thrown) {
        if (signal.aborted) break;
        if (!isFailure(thrown)) throw thrown;
        refused += 1;
        // The address may hold a secret of its receiver: it is not logged.
        log("warn", "alert.not_sent", { kind: alert.kind, code: thrown.code });
        continue;
      }
      await store.write((tx) => keepAlertArrived(tx, scope, alert.key, clock.now()));
      arrived += 1;
      refused = 0;
    }
  } finally {
    await outbound.close();
  }
  return arrived;
}
