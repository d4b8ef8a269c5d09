import { DAY_MS, Failure, type Scope } from "../../domain/index.ts";
import { lastReadMs, type Tx } from "../../store/index.ts";

/**
 * Why nothing may become too old now, or null: this machine's clock is more than a day ahead of what Anthropic's said when
 * something was last read.
 *
 * Days age by this clock, and what they lose is gone for good: one that jumps years ahead would take all of them at once.
 * So somebody else's has to have said nearly the same. One that runs behind takes nothing too early.
 */
export async function clockAhead(tx: Tx, scope: Scope, nowMs: number): Promise<Failure | null> {
  const theirs = await lastReadMs(tx, scope);
  if (theirs === null || nowMs - theirs <= DAY_MS) return null;
  return new Failure("sync.clock_ahead", { ours: minuteOf(nowMs), theirs: minuteOf(theirs) });
}

const minuteOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
