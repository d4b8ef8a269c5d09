import { Failure } from "../domain/index.ts";
import { listStale, markRebuilt, type Store } from "../store/index.ts";
import { rebuildRows, type RebuildReport } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";
import { asOnlyWriter } from "./only-writer.ts";

/**
 * Builds every row anew from the records, and says so of the tables that waited for it.
 *
 * @throws Failure `sync.lease_held`: a sync that adds rows meanwhile would be half forgotten.
 */
export async function rebuildAll(context: OperationContext): Promise<RebuildReport> {
  return asOnlyWriter(context, (store) => rebuildWith(context, store));
}

/** A new version may keep its tables otherwise: then the rows are built before anything is added to them. */
export async function rebuildStale(context: OperationContext): Promise<void> {
  const { store, scope } = context;
  const isStale = async () => (await store.read((tx) => listStale(tx, scope))).length > 0;
  if (!(await isStale())) return;
  await asOnlyWriter(context, async (fenced) => {
    // Another process may have done it while we waited.
    if (await isStale()) await rebuildWith(context, fenced);
  });
}

/** The same within work that is the only writer already, through its store. */
export async function rebuildWith({ scope, streams, onStep }: OperationContext, store: Store): Promise<RebuildReport> {
  const report = await rebuildRows(store, scope, streams, (stream, records) =>
    onStep?.(`${stream}: ${records} records`),
  );
  await store.write(async (tx) => {
    for (const name of await listStale(tx, scope)) await markRebuilt(tx, scope, name);
  });
  return report;
}

/**
 * Figures from tables that wait to be built again would be too small, and nobody could see it.
 *
 * @throws Failure `store.io`
 */
export async function refuseStale({ store, scope }: OperationContext): Promise<void> {
  const stale = await store.read((tx) => listStale(tx, scope));
  if (stale.length === 0) return;
  const problem = `${stale.join(", ")} wait to be built for this version; run bursar sync or bursar doctor --rebuild`;
  throw new Failure("store.io", { problem, path: "the data folder" });
}
