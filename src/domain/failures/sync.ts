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
  "sync.clock_ahead": {
    ...local,
    status: 409,
    says: "This machine's clock says {ours}, and Anthropic's said {theirs} when something was last read: more than a day earlier.",
    hint: "Nothing was put under pseudonyms. Sync; if the clocks still disagree, set this machine's.",
  },
} as const satisfies Record<string, FailureKind>;
