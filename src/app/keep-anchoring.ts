import { isFailure, systemClock } from "../domain/index.ts";
import {
  anchorTenant,
  ledgerTroubleOf,
  ledgerWarnings,
  type LedgerTroubleView,
  type OperationContext,
} from "../operations/index.ts";
import { listTenants, logState } from "../store/index.ts";
import { publishCheckpoint } from "../sync/index.ts";
import type { Host } from "./compose.ts";

const LOOK_MS = 60_000;

/** What is wrong with the tenants' ledgers, as codes that tell a stranger nothing more; as of the last look. */
export interface LedgerHealth {
  warnings: readonly string[];
  /** Ledgers to which nothing is appended until an operator decides, and what there is to decide. */
  troubles: readonly LedgerTroubleView[];
}

/**
 * Once a minute hands the tenants' checkpoints to whoever is due, until the signal. Beside the syncs, so that no slow
 * service holds up recording.
 */
export async function keepAnchoring(
  host: Pick<Host, "store" | "contextOf">,
  health: LedgerHealth,
  { signal, note }: { readonly signal: AbortSignal; readonly note: (text: string) => void },
): Promise<void> {
  const told = new Map<string, string>();
  let isFirst = true;
  while (!signal.aborted) {
    const warnings = new Set<string>();
    const troubles: LedgerTroubleView[] = [];
    for (const tenant of await tenantsOf(host)) {
      if (signal.aborted) return;
      const context = host.contextOf(tenant);
      if (isFirst) await signLeftOver(context);
      const problem = await anchored(context, signal);
      // What goes on failing is told once.
      if (problem !== null && told.get(tenant.name) !== problem) note(`anchors of ${tenant.name}: ${problem}`);
      if (problem === null) told.delete(tenant.name);
      else told.set(tenant.name, problem);
      for (const { code } of await ledgerWarnings(context).catch(() => [])) warnings.add(code);
      const trouble = await ledgerTroubleOf(context).catch(() => null);
      if (trouble !== null) troubles.push(trouble);
    }
    health.warnings = [...warnings].toSorted();
    health.troubles = troubles;
    isFirst = false;
    await systemClock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/** What a crash left committed and not signed is signed by the next start. */
async function signLeftOver(context: OperationContext): Promise<void> {
  const { store, scope, effects } = context;
  try {
    if ((await store.read((tx) => logState(tx, scope))) !== null) await publishCheckpoint(await effects(), scope);
  } catch (thrown) {
    // What keeps it from being signed is said by the health of the ledger.
    if (!isFailure(thrown)) throw thrown;
  }
}

/** A database that does not answer now may do so at the next look. */
async function tenantsOf({ store }: Pick<Host, "store">) {
  try {
    return await store.read((tx) => listTenants(tx));
  } catch (thrown) {
    if (isFailure(thrown)) return [];
    throw thrown;
  }
}

async function anchored(context: OperationContext, signal: AbortSignal): Promise<string | null> {
  try {
    await anchorTenant(context, { isAsked: false });
    return null;
  } catch (thrown) {
    if (signal.aborted) return null;
    // Whatever it is, syncs and the other tenants go on.
    return isFailure(thrown) ? thrown.message : `a bug (${thrown instanceof Error ? thrown.message : "unknown"})`;
  }
}
