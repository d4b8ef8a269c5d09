import { local, type FailureKind } from "./failure-kind.ts";

/** Syncs and their lease. */
export const SYNC_FAILURES = {
  "sync.lease_held": {
    ...local,
    status: 409,
    says: "Another process syncs this tenant ({holder}).",
    hint: "Wait for it, or stop it; its lease ends at {until}.",
  },
  "sync.lease_lost": {
    ...local,
    says: "This process lost its lease on the tenant.",
    hint: "Another process took over; nothing was written twice.",
  },
} as const satisfies Record<string, FailureKind>;
