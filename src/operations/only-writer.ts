import { assertLease, type Store } from "../store/index.ts";
import { takeLease, type SyncEffects } from "../sync/index.ts";
import type { OperationContext } from "./context.ts";

/**
 * Does work as the tenant's only writer. Every write through the store it is given fails when somebody else took over.
 *
 * @param effects `unguarded` to mend a database that nothing may be appended to
 * @throws Failure `sync.lease_held` before the work begins; `sync.lease_lost`
 */
export async function asOnlyWriter<T>(
  context: OperationContext,
  work: (store: Store) => Promise<T>,
  effects?: SyncEffects,
): Promise<T> {
  const { store, scope, clock } = context;
  const { holder, holderIsGone = () => false } = effects ?? (await context.effects());
  const lease = await takeLease(store, scope, holder, clock, holderIsGone);
  const fenced: Store = {
    engine: store.engine,
    place: store.place,
    get staleTables() {
      return store.staleTables;
    },
    read: (fn) => store.read(fn),
    write: async (fn) => {
      await lease.keep();
      return store.write(async (tx) => {
        await assertLease(tx, scope, lease.token);
        return fn(tx);
      });
    },
    close: () => Promise.reject(new Error("the store is somebody else's to close")),
  };
  try {
    return await work(fenced);
  } finally {
    await lease.release();
  }
}
