import type { Clock } from "../domain/index.ts";

/** Requests to one organization at the same time. */
const MOST_IN_FLIGHT = 8;
/** 100 a minute, the documented limit, once a server without headers has said "too many". */
const SPACING_MS = 600;
const LONGEST_WAIT_MS = 60_000;

/** Budgets that the server counts apart. */
export type Surface = "admin" | "analytics" | "compliance";

/** What an answer says about the budget it was taken from. */
export interface Budget {
  readonly remaining: number | null;
  /** Until the budget is full again. */
  readonly resetMs: number | null;
}

/**
 * Lets requests through at the rate that the server wants; one for each organization, shared by its connections.
 *
 * The server's headers rule. Without them eight are in flight until the first 429, then 100 go a minute. A 429 stops
 * everybody until its wait is over.
 */
export interface Pace {
  /** Resolves when a request may go; `leave` must follow. */
  enter(surface: Surface, signal?: AbortSignal): Promise<void>;
  leave(surface: Surface, budget?: Budget): void;
  /** Nobody goes for so long. */
  pause(ms: number): void;
  load(): { waiting: number; inFlight: number; pausedUntil: number | null };
}

export function createPace(clock: Clock): Pace {
  const budgets = new Map<Surface, { left: number; resetAt: number }>();
  /** Those who wait for an answer to come back; each answer wakes all, in the order in which they came. */
  const waiters: (() => void)[] = [];
  let inFlight = 0;
  let waiting = 0;
  let pausedUntil = 0;
  let isSpaced = false;
  let sawHeaders = false;
  let nextAt = 0;

  /** How long the rules keep a request back now, in ms; "news" when an answer on its way will tell. */
  function keptBack(surface: Surface): number | "news" {
    const now = clock.now();
    const budget = budgets.get(surface);
    if (budget && now >= budget.resetAt) budgets.delete(surface);
    const spacing = isSpaced && !sawHeaders ? nextAt - now : 0;
    const wait = Math.max(pausedUntil - now, spacing, 0);
    if (wait > 0) return wait;
    if (inFlight >= MOST_IN_FLIGHT) return "news";
    if (!budget || budget.left > 0 || now >= budget.resetAt) return 0;
    return inFlight > 0 ? "news" : budget.resetAt - now;
  }

  return {
    async enter(surface, signal) {
      waiting += 1;
      try {
        for (;;) {
          signal?.throwIfAborted();
          const wait = keptBack(surface);
          if (wait === 0) break;
          if (wait === "news") await new Promise<void>((resolve) => waiters.push(resolve));
          else await clock.sleep(wait, signal);
        }
      } finally {
        waiting -= 1;
      }
      inFlight += 1;
      const budget = budgets.get(surface);
      if (budget) budget.left -= 1;
      nextAt = clock.now() + SPACING_MS;
    },
    leave(surface, budget) {
      inFlight -= 1;
      if (budget && budget.remaining !== null) {
        sawHeaders = true;
        const resetMs = Math.min(Math.max(budget.resetMs ?? LONGEST_WAIT_MS, 0), LONGEST_WAIT_MS);
        // The server may not have counted those that are still on their way.
        budgets.set(surface, { left: budget.remaining - inFlight, resetAt: clock.now() + resetMs });
      }
      for (const wake of waiters.splice(0)) wake();
    },
    pause(ms) {
      isSpaced = true;
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
    load: () => ({ waiting, inFlight, pausedUntil: pausedUntil > clock.now() ? pausedUntil : null }),
  };
}
