import { z } from "zod";

import { dayOfInstant, dayText, picoUsdFromDollars } from "../../domain/index.ts";
import { adminKeyExpiries } from "../../metrics/index.ts";
import { listConnections, noteAlert } from "../../store/index.ts";
import { statusOf } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";
import { ledgerTroubleOf } from "../ledger-trouble-view.ts";
import { alert, alertsOf } from "../money/alerts.ts";
import type { BudgetState, Expiry } from "../money/alerts.ts";
import { amountOf } from "../money/amount.ts";
import { isAnswer, withAsker } from "../money/asking.ts";
import { monthForecastOf, monthOf } from "../money/month-forecast.ts";
import { readSettings } from "../tenant-settings.ts";

export const checkAlerts = defineOperation({
  id: "checkAlerts",
  title: "Check for alerts",
  summary: "What somebody should be told now and was not yet: failed syncs, keys that end, budgets. Noted as told.",
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
      budget: settings.budgetMonthlyUsd === null ? null : await budgetState(context, settings.budgetMonthlyUsd),
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

/** The current month with its forecast, and the one before, of which data may still come. */
function budgetState(context: OperationContext, budgetUsd: string): Promise<BudgetState> {
  return withAsker(context, async (asker) => {
    const today = dayOfInstant(asker.now);
    const current = monthOf(today);
    const before = monthOf(current.from - 1);
    const { forecastUsd } = await monthForecastOf(asker, {}, budgetUsd);
    const months = [];
    for (const [month, isOver] of [
      [current, false],
      [before, true],
    ] as const) {
      const to = dayText(Math.min(month.to - 1, today));
      const found = await asker.tryAsk({ metric: "cost", from: dayText(month.from), to });
      months.push({
        month: dayText(month.from).slice(0, 7),
        actual: (isAnswer(found) ? amountOf(found.total.value, "usd") : null) ?? 0n,
        forecast: isOver || forecastUsd === null ? null : picoUsdFromDollars(forecastUsd).picoUsd,
        isOver,
      });
    }
    return { budgetUsd, months };
  });
}
