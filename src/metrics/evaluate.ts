import type { Measured } from "./tally.ts";
import type { ReasonCode, Unit, Value } from "./types.ts";
import { quotient, ratioOf, shown } from "./values.ts";

/** A value with why it is null, and what to sort it by. */
export interface Evaluated {
  readonly value: Value;
  readonly reason?: ReasonCode;
  readonly lowSample?: true;
  readonly weight: bigint;
}

/** The sums of a group, as far as there are any. */
export interface Sums {
  readonly values: ReadonlyMap<Measured, bigint | null>;
  readonly mixed: boolean;
}

export function nothing(reason: ReasonCode): Evaluated {
  return { value: null, reason, weight: 0n };
}

export function evaluateSum(sums: Sums, plus: readonly Measured[], minus: readonly Measured[], unit: Unit): Evaluated {
  if (sums.mixed) return nothing("mixed_currency");
  const gained = addedUp(sums, plus);
  const lost = addedUp(sums, minus);
  if (gained === null || lost === null) return nothing("not_reported_by_source");
  return { value: shown(gained - lost, unit), weight: gained - lost };
}

export interface Ratio {
  readonly over: readonly Measured[];
  readonly under: readonly Measured[];
  readonly scale?: number | undefined;
  readonly floor?: number | undefined;
}

export function evaluateRatio(sums: Sums, ratio: Ratio, unit: Unit): Evaluated {
  if (sums.mixed) return nothing("mixed_currency");
  const over = addedUp(sums, ratio.over);
  const under = addedUp(sums, ratio.under);
  if (over === null || under === null) return nothing("not_reported_by_source");
  if (under === 0n) return { ...nothing("zero_denominator"), weight: over };
  const low = ratio.floor !== undefined && under < BigInt(ratio.floor);
  const value = quotient(over, under, unit, BigInt(ratio.scale ?? 1));
  return { value, weight: over, ...(low ? { lowSample: true as const } : {}) };
}

export function evaluateShare(sums: Sums, whole: Sums, of: readonly Measured[]): Evaluated {
  if (sums.mixed || whole.mixed) return nothing("mixed_currency");
  const part = addedUp(sums, of);
  const all = addedUp(whole, of);
  if (part === null || all === null) return nothing("not_reported_by_source");
  if (all === 0n) return nothing("zero_denominator");
  return { value: ratioOf(part, all), weight: part };
}

/** No row is a real 0 on a covered day; rows of which none says are unknown. */
export function addedUp(sums: Sums, quantities: readonly Measured[]): bigint | null {
  const parts = quantities.map((quantity) => (sums.values.has(quantity) ? sums.values.get(quantity)! : 0n));
  if (parts.length > 0 && parts.every((part) => part === null)) return null;
  return parts.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n);
}
