import { expect, it } from "vitest";

import { withTwoTenants } from "../../test/support/two-tenants.ts";
import { catalog, runOperation } from "../operations/index.ts";
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

it("alerts that a receiver does not take, or that the end of the server cuts off, are due again", () =>
  withTwoTenants(async ({ operator }) => {
    const logged: string[] = [];
    const context = { ...operator("acme"), log: (_: string, event: string) => void logged.push(event) };
    const { store, scope } = context;
    await store.write(async (tx) => {
      for (const name of ["one", "two", "three", "four", "five"]) {
        await insertConnection(tx, scope, { ...INVALID, name, organizationId: `org_${name}` });
      }
      await setSetting(tx, scope, "tenant.alertWebhookUrl", '"https://[::1]:9/hook"');
    });
    expect(await sendAlerts({ ...context, signal: AbortSignal.abort() })).toBe(0);
    expect(logged).toEqual([]);
    expect(await sendAlerts(context)).toBe(0);
    // The others are not held up by a receiver that is not there.
    expect(logged).toEqual(["alert.not_sent", "alert.not_sent", "alert.not_sent"]);
    expect((await runOperation(context, await catalog.checkAlerts(), {})).alerts).toHaveLength(5);
    expect((await runOperation(context, await catalog.checkAlerts(), {})).alerts).toEqual([]);
  }));
