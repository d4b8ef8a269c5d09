import { z } from "zod";

import { dayText, picoUsdFromDollars } from "../../domain/index.ts";
import type { AnomalyRow } from "../../store/index.ts";
import type { Status } from "../../sync/index.ts";
import type { LedgerTroubleView } from "../ledger-trouble-view.ts";
import { cents } from "./amount.ts";
import { crossedBy, MONTHLY, type BudgetState } from "./budgets.ts";

export const alert = z.object({
  /** One alert for each of these: what was sent is not sent again. */
  key: z.string(),
  kind: z.enum(["sync_failed", "key_refused", "key_expiring", "ledger", "budget", "anomaly"]),
  severity: z.enum(["high", "medium"]),
  title: z.string(),
  text: z.string(),
  /** It is about a period that is over: data came late. */
  late: z.boolean(),
});

export type Alert = z.output<typeof alert>;

/** What a connection's key is known to end on. */
export interface Expiry {
  readonly connection: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** A budget as far as readers may know of it. */
export type ToldBudget = BudgetState & {
  /** Only that it was crossed: of whom it is, and what was spent, is for those who may see single people. */
  readonly isWithheld?: boolean;
};

export interface AlertFacts {
  readonly nowMs: number;
  readonly expiries: readonly Expiry[];
  readonly budgets: readonly ToldBudget[];
  /** Days that stand out, and that nobody has taken note of. */
  readonly anomalies: readonly Pick<AnomalyRow, "anomalyId" | "title" | "day">[];
  /** What an operator has to decide about the ledger. */
  readonly ledger: Pick<LedgerTroubleView, "kind" | "says" | "signed"> | null;
}

const DAY_MS = 86_400_000;
/** Warned of twice: in time to plan it, and in time to do it. */
const EXPIRY_DAYS = [3, 14] as const;

/** Everything that somebody should be told now, whether or not it was told before. */
export function alertsOf(status: Status, { nowMs, expiries, budgets, anomalies, ledger }: AlertFacts): Alert[] {
  return [
    ...(ledger === null ? [] : [ofLedger(ledger)]),
    ...status.connections.filter(({ state }) => state !== "disconnected").flatMap(ofConnection),
    ...expiries.flatMap((one) => ofExpiry(one, nowMs)),
    ...budgets.flatMap(ofBudget),
    ...anomalies.map(ofAnomaly),
  ];
}

function ofLedger({ kind, says, signed }: NonNullable<AlertFacts["ledger"]>): Alert {
  return {
    // While it lasts nothing more is signed, so that it is told once.
    key: `ledger:${kind}:${signed ?? "none"}`,
    kind: "ledger",
    severity: "high",
    title: "The ledger waits for a decision",
    text: `${says} bursar ledger trouble tells what can be done.`,
    late: false,
  };
}

function ofConnection({ connection, state, fingerprint, streams }: Status["connections"][number]): Alert[] {
  if (state === "invalid") {
    return [
      {
        key: `key_refused:${connection}:${fingerprint ?? ""}`,
        kind: "key_refused",
        severity: "high",
        title: `${connection}: the Admin key is refused`,
        text: `Anthropic refuses the key of ${connection}; nothing new is read until it is replaced.`,
        late: false,
      },
    ];
  }
  const failed = streams.filter((stream) => stream.state === "failed");
  if (failed.length === 0) return [];
  // A failure begins after the last whole reading: the same one is told once.
  const since = failed.map(({ stream, lastReadAt }) => `${stream}@${lastReadAt ?? "never"}`).toSorted();
  return [
    {
      key: `sync_failed:${connection}:${since.join(",")}`,
      kind: "sync_failed",
      severity: "high",
      title: `${connection}: the sync failed`,
      text: `${failed.map(({ title, error }) => `${title} (${error?.code ?? "unknown"})`).join(", ")} could not be read.`,
      late: false,
    },
  ];
}

function ofExpiry({ connection, expiresAt }: Expiry, nowMs: number): Alert[] {
  const left = (Date.parse(expiresAt) - nowMs) / DAY_MS;
  const within = EXPIRY_DAYS.find((days) => left <= days);
  if (within === undefined || Number.isNaN(left)) return [];
  const when = left <= 0 ? "has expired" : `expires on ${expiresAt.slice(0, 10)}`;
  return [
    {
      key: `key_expiring:${connection}:${expiresAt}:${left <= 0 ? 0 : within}`,
      kind: "key_expiring",
      severity: within === 3 ? "high" : "medium",
      title: `${connection}: the Admin key ${when}`,
      text: `The Admin key of ${connection} ${when}. Replace it, or nothing new is read.`,
      late: false,
    },
  ];
}

function ofAnomaly({ anomalyId, title, day }: AlertFacts["anomalies"][number]): Alert {
  return {
    key: anomalyId,
    kind: "anomaly",
    severity: "medium",
    title,
    text: `${title}: far more than on the same weekday of the weeks before. AI Insights has the figures of ${dayText(day)}.`,
    late: false,
  };
}

const WITHHELD = "Spend has the figures, for those who may see single people.";

/**
 * The highest threshold that each period of a budget has crossed, by what was spent and, where that has not, by what is
 * forecast. One that was told of goes on being crossed by a higher one only.
 */
function ofBudget({ budget, instances, isWithheld = false }: ToldBudget): Alert[] {
  const { budgetId, amountUsd, name, thresholds, basis } = budget;
  const amount = picoUsdFromDollars(amountUsd).picoUsd;
  const isMonthly = budgetId === MONTHLY;
  const of = isMonthly ? "the budget" : isWithheld ? "a budget of a single person" : `the budget ${name}`;
  const ofThe = isMonthly ? amountUsd : `${budgetId}:${amountUsd}`;
  return instances.flatMap(({ label, actual, forecast, isOver }) => {
    const alerts: Alert[] = [];
    const crossed = crossedBy(actual, amount, thresholds);
    if (crossed !== null && actual !== null && basis.includes("actual")) {
      alerts.push({
        key: `budget:${ofThe}:${label}:actual:${crossed}`,
        kind: "budget",
        severity: crossed >= 90 ? "high" : "medium",
        title: `${label}: ${crossed} % of ${of} is spent`,
        text: `${isWithheld ? WITHHELD : `$${cents(actual)} of $${cents(amount)} were spent in ${label}.`}${isOver ? " Data came after its end." : ""}`,
        late: isOver,
      });
    }
    // The one of the settings warns of its end alone.
    const ahead = crossedBy(forecast, amount, isMonthly ? [100] : thresholds);
    const isMore = ahead !== null && ahead > (crossed ?? 0) && forecast !== amount;
    if (forecast !== null && isMore && basis.includes("forecast")) {
      alerts.push({
        key: `budget:${ofThe}:${label}:forecast:${ahead}`,
        kind: "budget",
        severity: "medium",
        title: ahead >= 100 ? `${label}: ${of} will not last` : `${label}: ${ahead} % of ${of} will be spent`,
        text: isWithheld ? WITHHELD : `The forecast of ${label} is $${cents(forecast)}, the budget $${cents(amount)}.`,
        late: false,
      });
    }
    return alerts;
  });
}
