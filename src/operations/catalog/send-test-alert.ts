import { z } from "zod";

import { openOutbound, postJson } from "../../anchors/index.ts";
import { Failure, isFailure } from "../../domain/index.ts";
import { defineOperation } from "../define.ts";
import { readSettings } from "../tenant-settings.ts";

export const sendTestAlert = defineOperation({
  id: "sendTestAlert",
  title: "Send a test alert",
  summary: "Posts an alert of the kind test to the webhook, so that somebody can see whether it arrives.",
  input: z.object({}),
  output: z.object({ key: z.string().describe("tells this test from others, as its receiver sees it") }),
  permission: "settings",
  effect: "write",
  audit: { event: "alerts.tested", facts: ({ key }) => ({ key }) },
  run: async ({ store, scope, outside, random, signal }) => {
    const { alertWebhookUrl } = await store.read((tx) => readSettings(tx, scope));
    if (alertWebhookUrl === null) {
      throw new Failure("input.invalid", {
        field: "alertWebhookUrl",
        problem: "is not set",
        remedy: "Say first where alerts go: Settings, Alerts.",
      });
    }
    const key = `test:${random.bytes(6).toString("hex")}`;
    const outbound = openOutbound({ ...outside, signal });
    try {
      await postJson(outbound, new URL(alertWebhookUrl), {
        source: "bursar",
        tenant: scope.tenant,
        key,
        kind: "test",
        severity: "medium",
        title: "A test alert from Bursar",
        text: "Alerts arrive here. Nothing is wrong.",
        late: false,
      });
    } catch (thrown) {
      if (!isFailure(thrown, "anchor.unreachable")) throw thrown;
      throw new Failure("anchor.alert_not_taken", { problem: thrown.message });
    } finally {
      await outbound.close();
    }
    return { key };
  },
});
