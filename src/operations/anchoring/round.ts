import { anchorRound, publishCheckpoint, type AnchorOutcome } from "../../sync/index.ts";
import { logState } from "../../store/index.ts";
import { Failure } from "../../domain/index.ts";
import type { OperationContext } from "../context.ts";
import { readSettings } from "../tenant-settings.ts";
import { openPosts } from "./posts.ts";

const HOUR = 3_600_000;

/**
 * Hands the tenant's signed checkpoint to whoever is due. Asked for, it signs the present size first and waits for no
 * schedule.
 *
 * @throws Failure `ledger.unsigned` when it is asked for and nothing was recorded yet; `ledger.*`, `vault.*`
 */
export async function anchorTenant(
  context: OperationContext,
  { isAsked }: { readonly isAsked: boolean },
): Promise<readonly AnchorOutcome[]> {
  const { store, scope } = context;
  const { settings, log } = await store.read(async (tx) => ({
    settings: await readSettings(tx, scope),
    log: await logState(tx, scope),
  }));
  const { posts, close } = openPosts(context, settings);
  try {
    if (isAsked && log === null) throw new Failure("ledger.unsigned");
    if (posts.length === 0 || log === null) return [];
    const effects = await context.effects();
    if (isAsked) await publishCheckpoint(effects, scope);
    return await anchorRound(effects, scope, { posts, everyMs: settings["anchors.everyHours"] * HOUR, isAsked });
  } finally {
    await close();
  }
}
