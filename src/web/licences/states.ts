import type { Output } from "../client/index.ts";

export type LicenceState = Output<"licences">["states"][number]["id"];

/** In the order of pages, with the colour that deepens the longer a licence lies unused. */
export const STATES = {
  active: { label: "Active", says: "Active in the last 14 days.", color: "var(--c-1)" },
  new: { label: "New", says: "Within the grace period, and not active yet.", color: "var(--c-7)" },
  inactive_14: { label: "Idle 14–29 days", says: "Active before, not for 14 days or more.", color: "var(--seq-2)" },
  inactive_30: { label: "Idle 30–59 days", says: "Active before, not for 30 days or more.", color: "var(--seq-3)" },
  inactive_60: { label: "Idle 60–89 days", says: "Active before, not for 60 days or more.", color: "var(--seq-4)" },
  inactive_90: {
    label: "Idle 90 days or more",
    says: "Active before, not for 90 days or more.",
    color: "var(--seq-5)",
  },
  never_active: {
    label: "Never active",
    says: "Never active, and past the grace period.",
    color: "var(--c-2)",
  },
  unknown: {
    label: "Not known",
    says: "The record does not reach back far enough to tell.",
    color: "var(--c-unmapped)",
  },
} as const satisfies Record<LicenceState, { label: string; says: string; color: string }>;

export const STATE_NAMES = Object.keys(STATES) as LicenceState[];

export function stateLabel(id: string): string {
  return STATE_NAMES.includes(id as LicenceState) ? STATES[id as LicenceState].label : id;
}
