import { z } from "zod";

import { operatorCaller } from "../../access/index.ts";
import { isFailure } from "../../domain/index.ts";
import { applyRetention } from "../catalog/apply-retention.ts";
import type { OperationContext } from "../context.ts";
import { runOperation } from "../run-operation.ts";

/** What was put under pseudonyms after a sync. It cannot be undone, so that whoever synced is told. */
export const aged = z.object({
  before: z.string().describe("days before this one stand under pseudonyms"),
  versions: z.int().describe("versions of records erased now, and recorded again under pseudonyms"),
  people: z.int().describe("identities that were swapped"),
});

type Aged = z.output<typeof aged>;

/**
 * Puts under pseudonyms what has become too old to name people, once a day, as the tenant decided: whoever synced.
 * What hinders it (a locked vault, another writer) is logged, and it is due again after the next sync.
 */
export async function ageAfterSync(context: OperationContext): Promise<Aged | null> {
  if (context.signal.aborted) return null;
  try {
    const { before, versions, people } = await runOperation(
      { ...context, caller: operatorCaller("retention") },
      applyRetention,
      {},
    );
    return before === null || versions === 0 ? null : { before, versions, people };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    context.log("warn", "retention.not_applied", { code: thrown.code });
    return null;
  }
}
