import { compactDigits, groupThousands, roundDecimal } from "./decimal.ts";

/** Units of figures, as the answers name them. */
export type Unit = "usd" | "tokens" | "requests" | "sessions" | "people" | "person_days" | "lines" | "count" | "ratio";

/** A figure as an answer gives it: money and very large counts as text, ratios from 0 to 1, null where there is none. */
export type Value = number | string | null;

/** What stands for a figure that cannot be given. Its reason belongs beside it. */
export const DASH = "—";

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** For headlines and axes: `$12.4 k`, `1.3 M`, `47.3%`. */
export function compact(value: Value, unit: Unit): string {
  if (value === null) return DASH;
  if (unit === "ratio") return rate(value);
  const { text, suffix } = compactDigits(String(value), unit === "usd" ? 2 : 0);
  return withSign(groupThousands(text), unit) + (suffix === "" ? "" : NBSP + suffix);
}

/** For tables and tooltips: every digit that the figure has and no more, thousands apart. */
export function exact(value: Value, unit: Unit): string {
  if (value === null) return DASH;
  if (unit === "ratio") return rate(value);
  if (unit !== "usd") return groupThousands(roundDecimal(String(value), isWhole(value) ? 0 : 1));
  const cents = roundDecimal(String(value), 2);
  // A line of a few tokens costs less than a cent: rounding it to nothing would claim a zero.
  const digits = /^-?0\.00$/.test(cents) ? roundDecimal(String(value), 4) : cents;
  return withSign(groupThousands(/^-?0\.0+$/.test(digits) ? cents : digits), unit);
}

/** A share from 0 to 1 with one decimal: `47.3%`. */
export function rate(value: Value): string {
  return value === null ? DASH : `${roundDecimal(String(Number(value) * 100), 1)}%`;
}

/** The unit in words, for axes, captions and screen readers. */
export function unitWords(unit: Unit): string {
  return UNIT_WORDS[unit];
}

/** As a number, for drawing only: figures that are shown come from `compact` and `exact`. */
export function toNumber(value: Value): number | null {
  return value === null ? null : Number(value);
}

const UNIT_WORDS = {
  usd: "US dollars",
  tokens: "tokens",
  requests: "requests",
  sessions: "sessions",
  people: "people",
  person_days: "person-days",
  lines: "lines",
  count: "count",
  ratio: "per cent",
} as const satisfies Record<Unit, string>;

function withSign(digits: string, unit: Unit): string {
  const [sign, rest] = digits.startsWith("-") ? ["\u2212", digits.slice(1)] : ["", digits];
  return `${sign}${unit === "usd" ? "$" : ""}${rest}`;
}

function isWhole(value: Value): boolean {
  return typeof value === "number" ? Number.isInteger(value) : !String(value).includes(".");
}
