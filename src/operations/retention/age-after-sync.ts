import { operatorCaller } from "../../access/index.ts";
import { isFailure } from "../../domain/index.ts";
import { applyRetention } from "../catalog/apply-retention.ts";
import type { OperationContext } from "../context.ts";
import { runOperation } from "../run-operation.ts";

/**
 * Puts under pseudonyms what has become too old to name people, once a day, as the tenant decided: whoever synced.
 * What hinders it (a locked vault, another writer) is logged, and it is due again after the next sync.
 */
export async function ageAfterSync(context: OperationContext): Promise<void> {
  if (context.signal.aborted) return;
  try {
    await runOperation({ ...context, caller: operatorCaller("retention") }, applyRetention, {});
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    context.log("warn", "retention.not_applied", { code: thrown.code });
  }
}
