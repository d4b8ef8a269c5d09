import { divideHalfEven, dollars } from "../domain/index.ts";
import type { Unit, Value } from "./types.ts";

/** A whole amount in the unit's own spelling: pico-dollars as dollars, counts as numbers while they are exact. */
export function shown(amount: bigint, unit: Unit): Value {
  return unit === "usd" ? dollars(amount) : shownCount(amount);
}

/** A number as long as JSON keeps it exact, else its digits. */
export function shownCount(count: bigint): number | string {
  const safe = count <= BigInt(Number.MAX_SAFE_INTEGER) && count >= BigInt(Number.MIN_SAFE_INTEGER);
  return safe ? Number(count) : count.toString();
}

/**
 * A quotient in the unit's spelling: money as dollars to the pico-dollar, half-even; ratios as a number.
 *
 * The divisor is not 0: that is null with a reason, and the caller's to say.
 */
export function quotient(over: bigint, under: bigint, unit: Unit, scale = 1n): Value {
  if (unit === "usd") return dollars(divideHalfEven(over * scale, under));
  return ratioOf(over * scale, under);
}

const RATIO_DIGITS = 10n ** 18n;

/** A ratio as the nearest double. Plain division is exact enough while both are safe; beyond that digits are kept. */
export function ratioOf(over: bigint, under: bigint): number {
  const small = (n: bigint) => n <= BigInt(Number.MAX_SAFE_INTEGER) && n >= BigInt(Number.MIN_SAFE_INTEGER);
  if (small(over) && small(under)) return Number(over) / Number(under);
  return Number(divideHalfEven(over * RATIO_DIGITS, under)) / Number(RATIO_DIGITS);
}
