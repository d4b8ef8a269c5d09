import { divideHalfEven, dollars, picoUsdFromDollars } from "../../domain/index.ts";
import type { AnswerFigures, AnswerRow, Unit, Value } from "../../metrics/index.ts";

/** A shown amount as a whole number that can be added: pico-dollars, or a count. Null for ratios and unknowns. */
export function amountOf(value: Value, unit: Unit): bigint | null {
  if (value === null) return null;
  if (unit === "usd") return picoUsdFromDollars(String(value)).picoUsd;
  if (unit === "ratio" || (typeof value === "number" && !Number.isSafeInteger(value))) return null;
  return BigInt(value);
}

/** The inverse of `amountOf`. */
export function shownAmount(amount: bigint, unit: Unit): number | string {
  if (unit === "usd") return dollars(amount);
  const count = Number(amount);
  return Number.isSafeInteger(count) ? count : amount.toString();
}

/** A quotient of exact amounts as a number; null when there is nothing to divide by. */
export function ratio(over: bigint, under: bigint): number | null {
  if (under === 0n) return null;
  const exact = (n: bigint) => Number.isSafeInteger(Number(n));
  if (exact(over) && exact(under)) return Number(over) / Number(under);
  // Eighteen digits, so that amounts beyond 2^53 lose nothing that a double could keep.
  return Number((over * 10n ** 18n) / under) / 1e18;
}

export function sumOf(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

const PICO_IN_CENT = 10n ** 10n;

/** Dollars to the cent, half-even: an estimate needs no more digits than a bill. */
export function cents(picoUsd: bigint): string {
  return dollars(divideHalfEven(picoUsd, PICO_IN_CENT) * PICO_IN_CENT);
}

/** Whether an answer keeps something back: single rows, or all of them where only the total may be told. */
export function keepsBack({ rows, total }: Pick<AnswerFigures, "rows" | "total">): boolean {
  return rows.some(isHidden) || isHidden(total) || (rows.length === 0 && Number(total.value ?? 0) !== 0);
}

/** Whether a row's figure is withheld, rather than not there: no sum of rows may count it as zero. */
export function isHidden({ value, reason }: Pick<AnswerRow, "value" | "reason">): boolean {
  return value === null && reason === "suppressed_for_privacy";
}
