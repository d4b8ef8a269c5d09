import { Failure, type Clock, type Scope } from "../domain/index.ts";
import { acquireLease, currentLease, releaseLease, renewLease, type Store } from "../store/index.ts";

/** Long enough to outlast a request's retries; a killed process on this machine is noticed at once all the same. */
export const LEASE_MS = 5 * 60_000;
const RENEW_AFTER_MS = 30_000;

export interface Lease {
  /** The fencing token: a commit under an older one is refused. */
  readonly token: number;
  /** Extends the lease when it has not been for a while. */
  keep(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Becomes the tenant's one writer.
 *
 * @param holderIsGone whether a holder (as written by us) is known to be dead; its lease is then taken over.
 * @throws Failure `sync.lease_held` naming who holds it.
 */
export async function takeLease(
  store: Store,
  scope: Scope,
  holder: string,
  clock: Clock,
  holderIsGone: (holder: string) => boolean,
): Promise<Lease> {
  const got = await store.write(async (tx) => {
    const held = await currentLease(tx, scope);
    if (held !== null && holderIsGone(held.holder)) await releaseLease(tx, scope, held.token);
    return acquireLease(tx, scope, { holder, nowMs: clock.now(), ttlMs: LEASE_MS });
  });
  if (!got.acquired) {
    throw new Failure("sync.lease_held", { holder: got.holder, until: new Date(got.untilMs).toISOString() });
  }
  const { token } = got;
  let renewedAt = clock.now();
  return {
    token,
    keep: async () => {
      if (clock.now() - renewedAt < RENEW_AFTER_MS) return;
      renewedAt = clock.now();
      await store.write((tx) => renewLease(tx, scope, { token, nowMs: renewedAt, ttlMs: LEASE_MS }));
    },
    release: () => store.write((tx) => releaseLease(tx, scope, token)),
  };
}
