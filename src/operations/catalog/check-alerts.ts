import { z } from "zod";

import { permissionsOf } from "../../access/index.ts";
import { dayOfInstant } from "../../domain/index.ts";
import { adminKeyExpiries } from "../../metrics/index.ts";
import { listAnomalies, listConnections, noteAlert, type AnomalyRow, type BudgetRow } from "../../store/index.ts";
import { statusOf } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { ledgerTroubleOf } from "../ledger-trouble-view.ts";
import { effectivePrivacy } from "../effective-privacy.ts";
import { alert, alertsOf, type Alert } from "../money/alerts.ts";
import type { Expiry, ToldBudget } from "../money/alerts.ts";
import { anomaliesSeen } from "../money/anomalies-seen.ts";
import { withAsker } from "../money/asking.ts";
import { budgetsOf, budgetStateOf, type BudgetState } from "../money/budgets.ts";
import { readSettings } from "../tenant-settings.ts";

export const checkAlerts = defineOperation({
  id: "checkAlerts",
  title: "Check for alerts",
  summary:
    "What somebody should be told now and was not yet: failed syncs, keys that end, budgets, unusual days. Noted as pending until a receiver takes it.",
  input: z.object({ look: z.boolean().optional().describe("only look; note nothing as told") }),
  output: z.object({
    alerts: z.array(alert),
    /** Keys of those that were noted now for the first time; the others are pending still. */
    raised: z.array(z.string()),
    /** Whether the tenant said where to send them. */
    hasWebhook: z.boolean(),
  }),
  permission: "operate",
  effect: "write",
  audit: {
    event: ({ raised }) => (raised.length > 0 ? "alerts.raised" : null),
    facts: ({ raised }) => ({ keys: raised }),
  },
  run: async (context, { look = false }) => {
    const { store, scope, streams, clock } = context;
    const settings = await store.read((tx) => readSettings(tx, scope));
    const readers = await asReaders(context);
    const due = alertsOf(await statusOf(store, scope, streams, clock.now()), {
      nowMs: clock.now(),
      expiries: await expiriesOf(context),
      ledger: await ledgerTroubleOf(context),
      budgets: await budgetStates(context, readers),
      anomalies: await openAnomalies(readers),
    });
    const hasWebhook = settings.alertWebhookUrl !== null;
    if (look || due.length === 0) return { alerts: due, raised: [], hasWebhook };
    return store.write(async (tx) => {
      const alerts: Alert[] = [];
      const raised: string[] = [];
      for (const one of due) {
        const state = await noteAlert(tx, scope, one.key, clock.now());
        if (state !== "arrived") alerts.push(one);
        if (state === "new") raised.push(one.key);
      }
      return { alerts, raised, hasWebhook };
    });
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

/**
 * The context of whoever reads what the webhook is sent, and may see no single person for all we know. Who says where
 * alerts go, and sets budgets, needs no permission to see people either: told otherwise, a budget of a team of one, or
 * of one key, would tell them what it spends.
 */
async function asReaders(context: OperationContext): Promise<OperationContext> {
  const { scope } = context;
  const privacy = await effectivePrivacy(context, scope, { permissions: permissionsOf("viewer", false) });
  return { ...context, scope: { ...scope, privacy } };
}

async function budgetStates(context: OperationContext, readers: OperationContext): Promise<ToldBudget[]> {
  const statesOf = (by: OperationContext, which: (budget: BudgetRow) => boolean) =>
    withAsker(by, async (asker) => {
      const states: BudgetState[] = [];
      for (const budget of (await budgetsOf(asker)).filter(which)) states.push(await budgetStateOf(asker, budget));
      return states;
    });
  // What everybody together spent is no secret, however few they are.
  const isWhole = ({ scope, value }: BudgetRow) => scope === "organization" && value === null;
  const whole = await statesOf(context, isWhole);
  const parts = await statesOf(readers, (budget) => !isWhole(budget));
  if (readers.scope.privacy.mode === "named") return [...whole, ...parts];
  // Who set one of a person may see them: that it was crossed is said, not whose it is nor what was spent.
  const ofPeople = await statesOf(context, ({ scope }) => scope === "person");
  return [...whole, ...parts, ...ofPeople.map((state) => ({ ...state, isWithheld: true }))];
}

/** A day of long ago is no news, whenever it was looked at first. */
const NEWS_DAYS = 7;

async function openAnomalies(readers: OperationContext): Promise<AnomalyRow[]> {
  const { store, scope, clock } = readers;
  const from = dayOfInstant(clock.now()) - NEWS_DAYS;
  const found = await store.read((tx) => listAnomalies(tx, scope, from));
  const open = found.filter(({ state, dimension }) => state === "open" && dimension !== "person");
  return anomaliesSeen(readers, open);
}
