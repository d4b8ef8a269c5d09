import { z } from "zod";

import { dayOfInstant } from "../../domain/index.ts";
import { adminKeyExpiries } from "../../metrics/index.ts";
import { listAnomalies, listConnections, noteAlert, type AnomalyRow } from "../../store/index.ts";
import { statusOf } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { ledgerTroubleOf } from "../ledger-trouble-view.ts";
import { alert, alertsOf } from "../money/alerts.ts";
import type { Expiry } from "../money/alerts.ts";
import { withAsker } from "../money/asking.ts";
import { budgetsOf, budgetStateOf, type BudgetState } from "../money/budgets.ts";
import { readSettings } from "../tenant-settings.ts";

export const checkAlerts = defineOperation({
  id: "checkAlerts",
  title: "Check for alerts",
  summary:
    "What somebody should be told now and was not yet: failed syncs, keys that end, budgets, unusual days. Noted as told.",
  input: z.object({ look: z.boolean().optional().describe("only look; note nothing as told") }),
  output: z.object({
    alerts: z.array(alert),
    /** Whether the tenant said where to send them. */
    hasWebhook: z.boolean(),
  }),
  permission: "operate",
  effect: "write",
  audit: {
    event: ({ alerts }, { look }) => (alerts.length > 0 && look !== true ? "alerts.raised" : null),
    facts: ({ alerts }) => ({ keys: alerts.map(({ key }) => key) }),
  },
  run: async (context, { look = false }) => {
    const { store, scope, streams, clock } = context;
    const settings = await store.read((tx) => readSettings(tx, scope));
    const due = alertsOf(await statusOf(store, scope, streams, clock.now()), {
      nowMs: clock.now(),
      expiries: await expiriesOf(context),
      ledger: await ledgerTroubleOf(context),
      budgets: await budgetStates(context),
      anomalies: await openAnomalies(context),
    });
    const hasWebhook = settings.alertWebhookUrl !== null;
    if (look || due.length === 0) return { alerts: due, hasWebhook };
    const alerts = await store.write(async (tx) => {
      const unsaid = [];
      for (const one of due) if (await noteAlert(tx, scope, one.key, clock.now())) unsaid.push(one);
      return unsaid;
    });
    return { alerts, hasWebhook };
  },
});

/** The keys of connections that the organization lists with an end. */
function expiriesOf({ store, scope }: OperationContext): Promise<Expiry[]> {
  return store.read(async (tx) => {
    const listed = await adminKeyExpiries(tx, scope);
    const connections = (await listConnections(tx, scope)).filter(({ state }) => state === "active");
    return connections.flatMap(({ name, last4 }) => {
      const found = listed.filter((key) => key.last4 === last4);
      // Two keys that end alike: which of them is ours cannot be told.
      return found.length === 1 ? [{ connection: name, expiresAt: found[0]!.expiresAt }] : [];
    });
  });
}

function budgetStates(context: OperationContext): Promise<BudgetState[]> {
  return withAsker(context, async (asker) => {
    const states: BudgetState[] = [];
    for (const budget of await budgetsOf(asker)) states.push(await budgetStateOf(asker, budget));
    return states;
  });
}

/** A day of long ago is no news, whenever it was looked at first. */
const NEWS_DAYS = 7;

async function openAnomalies({ store, scope, clock }: OperationContext): Promise<AnomalyRow[]> {
  const from = dayOfInstant(clock.now()) - NEWS_DAYS;
  const found = await store.read((tx) => listAnomalies(tx, scope, from));
  // Whoever reads what the webhook is sent need not be somebody who may see people.
  return found.filter(({ state, dimension }) => state === "open" && dimension !== "person");
}
