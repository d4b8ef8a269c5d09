import { addErased, vacuum } from "../../store/index.ts";
import { publishCheckpoint } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { asOnlyWriter } from "../only-writer.ts";
import { rebuildStale } from "../stale-rows.ts";
import { countsOf, eraseListed } from "./erase.ts";

/**
 * Erases again whoever a restored database brought back: the list of who was erased outlives it. For a ledger that may be
 * appended to; while leaves are missing, recovering them comes first.
 *
 * @param isTroubled leaves are missing: nothing may be appended, and null says that it is still to be done
 * @returns how many contents named them
 */
export async function forgetAgain(context: OperationContext, isTroubled = false): Promise<number | null> {
  const { scope, suppression, unguarded } = context;
  const kept = await suppression.kept();
  if (kept.length === 0) return 0;
  if (isTroubled) return null;
  await rebuildStale(context);
  const found = await asOnlyWriter(
    context,
    (only) =>
      only.write(async (tx) => {
        await addErased(tx, scope, kept);
        const subjects = [...new Set(kept.map(({ subject }) => subject))];
        const key = await suppression.key(tx);
        return eraseListed(tx, context, key, { reason: "erased again after a restore", subjects });
      }),
    unguarded,
  );
  await publishCheckpoint(unguarded, scope);
  await vacuum(context.store);
  const { versions = 0, other_leaves: others = 0 } = countsOf(found);
  return versions + others;
}
