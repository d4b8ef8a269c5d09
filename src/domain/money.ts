import { Failure } from "./failure.ts";

const CENT_DIGITS = 10; // a cent is 10^10 pico-dollars

export interface PicoAmount {
  readonly picoUsd: bigint;
  /** The source gave digits below a pico-dollar; they were rounded half-even and the record keeps the text. */
  readonly rounded: boolean;
}

/**
 * Reads an amount in cents, a decimal literal such as "123.45", 111 or "1.5e2", as whole pico-dollars.
 *
 * Exponents are accepted because a JSON number may carry one; digits below a pico-dollar are rounded half-even.
 * Source: https://platform.claude.com/docs/en/api/admin/cost_report
 *
 * @throws Failure `source.amount_unreadable` for anything but a plain decimal.
 */
export function picoUsdFromCents(literal: string): PicoAmount {
  return scaled(literal, CENT_DIGITS);
}

/** Reads dollars ("2.5", as published prices are written) as whole pico-dollars. */
export function picoUsdFromDollars(literal: string): PicoAmount {
  return scaled(literal, 12);
}

/** "12.345": dollars as an exact decimal string, at least two decimals, no further trailing zeros. */
export function dollars(picoUsd: bigint): string {
  const negative = picoUsd < 0n;
  const digits = (negative ? -picoUsd : picoUsd).toString().padStart(13, "0");
  const fraction = digits.slice(-12).replace(/0+$/, "").padEnd(2, "0");
  return `${negative ? "-" : ""}${digits.slice(0, -12)}.${fraction}`;
}

/** Quotient of two integers rounded half-even: the one way in which money is divided. */
export function divideHalfEven(numerator: bigint, divisor: bigint): bigint {
  const sign = numerator < 0n !== divisor < 0n ? -1n : 1n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = divisor < 0n ? -divisor : divisor;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const up = twice > d || (twice === d && quotient % 2n === 1n);
  return sign * (up ? quotient + 1n : quotient);
}

function scaled(literal: string, digits: number): PicoAmount {
  // Whole amounts, as Claude Code reports them, by the thousand.
  if (/^\d{1,9}$/.test(literal)) return { picoUsd: BigInt(literal) * 10n ** BigInt(digits), rounded: false };
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(literal);
  if (!match) throw new Failure("source.amount_unreadable", { value: literal.slice(0, 60) });
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const shift = digits - fraction.length + Number(exponent);
  const unscaled = BigInt(whole + fraction) * (sign ? -1n : 1n);
  if (shift >= 0) return { picoUsd: unscaled * 10n ** BigInt(shift), rounded: false };
  const divisor = 10n ** BigInt(-shift);
  return { picoUsd: divideHalfEven(unscaled, divisor), rounded: unscaled % divisor !== 0n };
}
