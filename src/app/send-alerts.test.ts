import { expect, it } from "vitest";

import { withTwoTenants } from "../../test/support/two-tenants.ts";
import { withReceiver } from "../../test/support/receiver.ts";
import { auditEvents } from "../../test/support/sessions.ts";
import { catalog, runOperation, type OperationContext } from "../operations/index.ts";
import { insertConnection, setSetting } from "../store/index.ts";
import { sendAlerts } from "./send-alerts.ts";

const INVALID = {
  kind: "admin",
  organizationName: "Acme",
  upstream: "https://api.anthropic.com",
  state: "invalid",
  fingerprint: "00000000",
  last4: null,
  backfillFrom: 20_000,
  capabilities: {},
  createdAt: 0,
  rotatedAt: null,
  lastUsedAt: null,
} as const;

async function withRefusedKeys({ store, scope }: OperationContext, names: readonly string[], webhook: string) {
  await store.write(async (tx) => {
    for (const name of names) await insertConnection(tx, scope, { ...INVALID, name, organizationId: `org_${name}` });
    await setSetting(tx, scope, "tenant.alertWebhookUrl", JSON.stringify(webhook));
  });
}

it("alerts that a receiver does not take, or that the end of the server cuts off, are due again", () =>
  withTwoTenants(async ({ operator }) => {
    const logged: string[] = [];
    const context = { ...operator("acme"), log: (_: string, event: string) => void logged.push(event) };
    await withRefusedKeys(context, ["one", "two", "three", "four", "five"], "https://[::1]:9/hook");
    expect(await sendAlerts({ ...context, signal: AbortSignal.abort() })).toBe(0);
    expect(logged).toEqual([]);
    expect(await sendAlerts(context)).toBe(0);
    // The others are not held up by a receiver that is not there.
    expect(logged).toEqual(["alert.not_sent", "alert.not_sent", "alert.not_sent"]);
    expect((await runOperation(context, await catalog.checkAlerts(), {})).alerts).toHaveLength(5);
    // Raised once, however often they are tried.
    expect((await auditEvents(context)).filter((event) => event === "alerts.raised")).toHaveLength(1);
  }));

it("an alert that was noted when the program was killed is sent by the next one, and again where nobody heard that it came", () =>
  withTwoTenants(async ({ operator }) => {
    const context = { ...operator("acme"), outside: { ...operator("acme").outside, privateHosts: ["127.0.0.1"] } };
    await withReceiver(async ({ url, keys, answering }) => {
      await withRefusedKeys(context, ["one", "two"], url);
      // Killed between noting and sending.
      await runOperation(context, await catalog.checkAlerts(), {});
      // Killed between taking and noting that it was taken: for us it is the same as an answer that never came.
      answering.isCut = true;
      expect(await sendAlerts(context)).toBe(0);
      answering.isCut = false;
      expect(await sendAlerts(context)).toBe(2);
      expect(await sendAlerts(context)).toBe(0);
      expect(keys).toHaveLength(4);
      expect(new Set(keys)).toEqual(new Set(["key_refused:one:00000000", "key_refused:two:00000000"]));
    });
  }));

it("a test alert says whether the webhook takes one, and counts for no alert", () =>
  withTwoTenants(async ({ operator }) => {
    const context = { ...operator("acme"), outside: { ...operator("acme").outside, privateHosts: ["127.0.0.1"] } };
    const send = async () => runOperation(context, await catalog.sendTestAlert(), {});
    await expect(send()).rejects.toMatchObject({ code: "input.invalid", facts: { field: "alertWebhookUrl" } });
    await withReceiver(async ({ url, keys, answering }) => {
      await withRefusedKeys(context, ["one"], url);
      answering.isCut = true;
      await expect(send()).rejects.toMatchObject({ code: "anchor.alert_not_taken" });
      answering.isCut = false;
      const { key } = await send();
      expect(keys.at(-1)).toBe(key);
      expect(await sendAlerts(context)).toBe(1);
      expect((await auditEvents(context)).filter((event) => event === "alerts.tested")).toHaveLength(1);
    });
  }));
