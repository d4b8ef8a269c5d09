import type { Cell } from "./cell.ts";
import { modelOf, ratesOf, type Rates } from "./prices.ts";

/**
 * Exact money. The reports state cents with six decimals, so the unit in which lines are rounded is the micro-cent
 * (1e-8 USD); products of tokens and rates are whole pico-dollars (1e-12 USD) before that.
 */
const PICO_PER_MICRO_CENT = 10_000n;
export const MICRO_CENTS_PER_CENT = 1_000_000n;

/** Other charges: ten dollars for a thousand searches, 0.08 and 0.05 dollars an hour, in micro-cents a unit. */
export const SEARCH_MICRO_CENTS = 1_000_000;
export const HUNDREDTH_HOUR_MICRO_CENTS = { session_usage: 80_000, code_execution: 50_000 } as const;

/** Rounds half up, once. */
export function microCentsFromPico(pico: bigint): bigint {
  return (pico + PICO_PER_MICRO_CENT / 2n) / PICO_PER_MICRO_CENT;
}

/** Whole cents, half up: how the Claude Code report rounds its estimates. */
export function centsFromPico(pico: bigint): bigint {
  return (pico + 5_000_000_000n) / 10_000_000_000n;
}

/** `256.840200`: cents with six decimals. */
export function centsText(microCents: bigint): string {
  const whole = microCents / MICRO_CENTS_PER_CENT;
  return `${whole}.${String(microCents % MICRO_CENTS_PER_CENT).padStart(6, "0")}`;
}

/** Dollars, exact: at least two decimals, at most eight. */
export function usdText(microCents: bigint): string {
  const decimals = String(microCents % 100_000_000n).padStart(8, "0");
  return `${microCents / 100_000_000n}.${decimals.replace(/0{1,6}$/, "")}`;
}

/** Tokens of a cell in the order of `TOKEN_TYPES`. */
export function tokensOf(cell: Cell): readonly [number, number, number, number, number] {
  return [cell.uncachedInput, cell.write5m, cell.write1h, cell.cacheRead, cell.output];
}

/** The rates that the bill applies to this cell. Null for priority traffic: it is paid by commitment, not by the token. */
export function billedRates(cell: Cell, day: number): Rates | null {
  const { model, tier, geo, speed } = cell.dims;
  if (tier === "priority") return null;
  return ratesOf(modelOf(model), day, { isBatch: tier === "batch", isUs: geo === "us", isFast: speed === "fast" });
}

/** Pico-dollars of some tokens, exactly. */
export function picoOf(tokens: readonly number[], rates: Rates): bigint {
  let pico = 0n;
  for (const [at, rate] of rates.entries()) pico += BigInt(tokens[at] ?? 0) * BigInt(rate);
  return pico;
}
