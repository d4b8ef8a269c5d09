import { again, partial, usage, type FailureKind } from "./failure-kind.ts";

/** Ways of a checkpoint out of the building. */
export const ANCHOR_FAILURES = {
  "anchor.address": {
    ...usage,
    says: "{field}: {problem}.",
    hint: "Use an https address of the public internet, or have the operator name the host in BURSAR_PRIVATE_HOSTS.",
  },
  "anchor.unreachable": {
    ...again,
    says: "{host} gave no answer that could be read ({problem}).",
    hint: "It is asked again later; recording and signing go on.",
  },
  "anchor.alert_not_taken": {
    ...again,
    says: "The webhook took no alert: {problem}",
    hint: "Look at its address, and at what answers there. Alerts that are due stay due.",
  },
  "anchor.unusable": {
    ...again,
    says: "{host} answered what cannot be kept ({problem}).",
    hint: "Nothing of it was kept. It is asked again later; recording and signing go on.",
  },
  "anchor.misconfigured": {
    ...partial,
    says: "{host} does not serve this log ({problem}).",
    hint: "{remedy}",
  },
} as const satisfies Record<string, FailureKind>;
