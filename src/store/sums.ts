import { sql, type RawBuilder } from "kysely";

const SPLIT = 1_000_000_000n;

/**
 * Two aggregates that together give the exact sum of a 64-bit column and never overflow on either engine.
 *
 * Both engines divide integers towards zero and give a remainder the sign of the dividend, so `hi * 10^9 + lo` holds
 * for negative amounts too. Null when every value is.
 */
export function sumExact(column: string): { hi: RawBuilder<bigint | null>; lo: RawBuilder<bigint | null> } {
  const split = sql.lit(Number(SPLIT));
  return {
    hi: sql<bigint | null>`sum(${sql.ref(column)} / ${split})`,
    lo: sql<bigint | null>`sum(${sql.ref(column)} % ${split})`,
  };
}

/** The sum that the two parts of `sumExact` stand for. */
export function joinExact(hi: bigint, lo: bigint): bigint;
export function joinExact(hi: bigint | null, lo: bigint | null): bigint | null;
export function joinExact(hi: bigint | null, lo: bigint | null): bigint | null {
  return hi === null || lo === null ? null : hi * SPLIT + lo;
}
