import { grouped, shown } from "../../domain/index.ts";
import type { Condition, CostKind, ReasonCode, Unit, Value } from "../../metrics/index.ts";

export { counted } from "../../domain/index.ts";

/**
 * A name from outside as it stands in a sentence: short, in quotes, and without the brackets that could end something.
 * What has no name says so.
 */
export function quoted(name: string | null, missing = "(none)"): string {
  if (name === null) return missing;
  const plain = shown(name, 80).replaceAll('"', "'").replaceAll("<", "‹").replaceAll(">", "›").replaceAll("`", "'");
  return `"${plain}"`;
}

/** A figure for reading: exact, with its unit; a ratio in percent to two places; a missing one with its reason. */
export function figure(value: Value, unit: Unit, reason?: ReasonCode | null): string {
  if (value === null) return `unknown${reason == null ? "" : ` (${REASONS[reason]})`}`;
  if (unit === "usd")
    return String(value).startsWith("-") ? `-$${grouped(String(value).slice(1))}` : `$${grouped(value)}`;
  return unit === "ratio" ? percent(Number(value)) : grouped(value);
}

export function percent(parts: number): string {
  return `${grouped((parts * 100).toFixed(2))} %`;
}

/** What narrows a figure and which kind of money it is, in brackets; nothing where nothing is. */
export function asAsked(kind: CostKind | null, where: readonly Condition[], ...more: readonly string[]): string {
  const told = [
    ...(kind === null ? [] : [KINDS[kind]]),
    ...where.map(({ dimension, value }) => `${dimension} ${quoted(value)}`),
    ...more,
  ];
  return told.length === 0 ? "" : ` (${told.join("; ")})`;
}

/** What kind of money a figure is, so that nobody adds two of them. */
export const KINDS: Readonly<Record<CostKind, string>> = {
  estimated: "estimated: what the source reckons for Claude Code alone; the bill is kind net",
  notional: "notional: what subscription use would have cost at API prices, not paid",
  list: "list price, before discounts",
  net: "net: billed, after discounts",
};

const REASONS: Readonly<Record<ReasonCode, string>> = {
  zero_denominator: "nothing to divide by",
  not_reported_by_source: "the source does not report it",
  not_collected_yet: "not collected yet",
  below_minimum_sample: "too small a sample",
  suppressed_for_privacy: "too few people for you to see it",
  mixed_currency: "more than one currency",
};

/** Lines that begin with a dash, the rest counted. */
export function listed(lines: readonly string[], most = 20): string {
  return firstOf(lines.slice(0, most), lines.length);
}

/** The same of rows that may be many: only what is listed is put in words. */
export function listedRows<T>(rows: readonly T[], line: (row: T) => string, most = 20): string {
  return firstOf(rows.slice(0, most).map(line), rows.length);
}

function firstOf(lines: readonly string[], all: number): string {
  const rest = all - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more in the structured content`] : [])]
    .map((line) => `- ${line}`)
    .join("\n");
}

/** Paragraphs and lists, the empty ones left out. */
export function paragraphs(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join("\n");
}
