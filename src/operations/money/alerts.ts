import { z } from "zod";

import { picoUsdFromDollars } from "../../domain/index.ts";
import type { Status } from "../../sync/index.ts";
import type { LedgerTroubleView } from "../ledger-trouble-view.ts";
import { cents } from "./amount.ts";

export const alert = z.object({
  /** One alert for each of these: what was sent is not sent again. */
  key: z.string(),
  kind: z.enum(["sync_failed", "key_refused", "key_expiring", "ledger", "budget"]),
  severity: z.enum(["high", "medium"]),
  title: z.string(),
  text: z.string(),
  /** It is about a month that is over: data came late. */
  late: z.boolean(),
});

export type Alert = z.output<typeof alert>;

/** What a connection's key is known to end on. */
export interface Expiry {
  readonly connection: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** A budget and what its months have come to. */
export interface BudgetState {
  readonly budgetUsd: string;
  readonly months: readonly {
    /** `YYYY-MM`. */
    readonly month: string;
    readonly actual: bigint;
    /** Of the month that is not over; null when there is none. */
    readonly forecast: bigint | null;
    readonly isOver: boolean;
  }[];
}

export interface AlertFacts {
  readonly nowMs: number;
  readonly expiries: readonly Expiry[];
  readonly budget: BudgetState | null;
  /** What an operator has to decide about the ledger. */
  readonly ledger: Pick<LedgerTroubleView, "kind" | "says" | "signed"> | null;
}

const DAY_MS = 86_400_000;
/** Warned of twice: in time to plan it, and in time to do it. */
const EXPIRY_DAYS = [3, 14] as const;
/** Of a hundred parts of the budget. */
const THRESHOLDS = [100n, 90n, 75n, 50n] as const;

/** Everything that somebody should be told now, whether or not it was told before. */
export function alertsOf(status: Status, { nowMs, expiries, budget, ledger }: AlertFacts): Alert[] {
  return [
    ...(ledger === null ? [] : [ofLedger(ledger)]),
    ...status.connections.filter(({ state }) => state !== "disconnected").flatMap(ofConnection),
    ...expiries.flatMap((one) => ofExpiry(one, nowMs)),
    ...(budget === null ? [] : ofBudget(budget)),
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

/** The highest threshold that a month has crossed, by what was spent and by what is forecast. */
function ofBudget({ budgetUsd, months }: BudgetState): Alert[] {
  const budget = picoUsdFromDollars(budgetUsd).picoUsd;
  if (budget <= 0n) return [];
  return months.flatMap(({ month, actual, forecast, isOver }) => {
    const alerts: Alert[] = [];
    const crossed = THRESHOLDS.find((part) => actual * 100n >= budget * part);
    if (crossed !== undefined) {
      alerts.push({
        key: `budget:${budgetUsd}:${month}:actual:${crossed}`,
        kind: "budget",
        severity: crossed >= 90n ? "high" : "medium",
        title: `${month}: ${crossed} % of the budget is spent`,
        text: `$${cents(actual)} of $${cents(budget)} were spent in ${month}.${isOver ? " Data came after its end." : ""}`,
        late: isOver,
      });
    }
    if (forecast !== null && forecast > budget && actual < budget) {
      alerts.push({
        key: `budget:${budgetUsd}:${month}:forecast:100`,
        kind: "budget",
        severity: "medium",
        title: `${month}: the budget will not last`,
        text: `The forecast of ${month} is $${cents(forecast)}, the budget $${cents(budget)}.`,
        late: false,
      });
    }
    return alerts;
  });
}
