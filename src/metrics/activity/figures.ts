import type { ReasonCode } from "../types.ts";

/** A count, or a ratio from 0 to 1; null with the reason. */
export interface Figure {
  readonly value: number | null;
  readonly reason?: ReasonCode;
  readonly lowSample?: true;
}

/** A figure beside the one of the equal-length period right before. */
export interface Compared extends Figure {
  readonly previous: Figure;
  readonly change: Change;
}

export interface Change {
  readonly kind: "relative" | "points" | "new" | "none";
  readonly value: number | null;
  readonly reason?: ReasonCode;
}

export function figure(value: number): Figure {
  return { value };
}

export function none(reason: ReasonCode): Figure {
  return { value: null, reason };
}

/** `over / under`: null where nothing is divided by, with `lowSample` below the floor. */
export function divided(over: number | null, under: number | null, floor = 0): Figure {
  if (over === null || under === null) return none("not_reported_by_source");
  if (under === 0) return none("zero_denominator");
  return { value: over / under, ...(under < floor ? { lowSample: true as const } : {}) };
}

export function mean(values: readonly number[]): Figure {
  if (values.length === 0) return none("not_collected_yet");
  return figure(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Changes of amounts are relative to what they were, those of ratios are differences. */
export function compare(now: Figure, previous: Figure, kind: "relative" | "points"): Compared {
  return { ...now, previous, change: changeOf(now, previous, kind) };
}

function changeOf(now: Figure, previous: Figure, kind: "relative" | "points"): Change {
  if (now.value === null || previous.value === null) {
    return { kind: "none", value: null, reason: previous.reason ?? now.reason ?? "not_collected_yet" };
  }
  if (kind === "points") return { kind, value: now.value - previous.value };
  if (previous.value !== 0) return { kind, value: (now.value - previous.value) / Math.abs(previous.value) };
  return now.value === 0 ? { kind, value: 0 } : { kind: "new", value: null };
}
