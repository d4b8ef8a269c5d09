import { openOutbound, postJson } from "../anchors/index.ts";
import { isFailure } from "../domain/index.ts";
import { catalog, readSettings, runOperation, type OperationContext } from "../operations/index.ts";
import { forgetAlert } from "../store/index.ts";

/**
 * Sends a tenant's new alerts to its webhook, if it has one, and gives how many arrived. What did not arrive is due
 * again at the next look.
 */
export async function sendAlerts(context: OperationContext): Promise<number> {
  const { store, scope, log, outside } = context;
  const { alertWebhookUrl } = await store.read((tx) => readSettings(tx, scope));
  if (alertWebhookUrl === null) return 0;
  const { alerts } = await runOperation(context, await catalog.checkAlerts(), {});
  const outbound = openOutbound(outside);
  let sent = 0;
  try {
    for (const alert of alerts) {
      try {
        await postJson(outbound, new URL(alertWebhookUrl), { source: "bursar", tenant: scope.tenant, ...alert });
        sent += 1;
      } catch (thrown) {
        if (!isFailure(thrown)) throw thrown;
        // The address may hold a secret of its receiver: it is not logged.
        log("warn", "alert.not_sent", { kind: alert.kind, code: thrown.code });
        await store.write((tx) => forgetAlert(tx, scope, alert.key));
      }
    }
  } finally {
    await outbound.close();
  }
  return sent;
}
