import { z } from "zod";

import { costKind, population, activeRule, denominator } from "./filters.ts";

/** Counts are numbers (text above 2^53), money is dollars as a decimal string, ratios are numbers from 0 to 1. */
export const value = z.union([z.number(), z.string(), z.null()]);
/** Dollars as an exact decimal string. */
export const usd = z.string().describe("USD, an exact decimal");
export const unit = z.enum([
  "usd",
  "tokens",
  "requests",
  "sessions",
  "people",
  "person_days",
  "lines",
  "count",
  "ratio",
]);
/** Why a value is null. */
export const reason = z.enum([
  "zero_denominator",
  "not_reported_by_source",
  "not_collected_yet",
  "below_minimum_sample",
  "suppressed_for_privacy",
  "mixed_currency",
]);
/** Inclusive UTC days. */
export const dayRange = z.object({ from: z.string(), to: z.string() });
export const warnings = z.array(z.object({ code: z.string(), message: z.string() })).readonly();
export const coverage = z.object({
  days: z.int(),
  covered: z.int(),
  partial: z.int(),
  missing: z.array(dayRange).readonly(),
  heldFrom: z.string().nullable(),
});

/** The dot beside a figure. `missing`: nothing of it was read; `partial`: some days; `provisional`: may be restated. */
export const figureState = z.enum(["complete", "provisional", "partial", "missing"]);

/** How far a figure can be trusted: part of every answer. */
export const trust = {
  completeThrough: z.string().nullable(),
  coverage,
  /** Finished days that the source may still restate. */
  provisional: z.array(z.string()).readonly(),
  state: figureState,
} as const;

/** What came of the same figure over an earlier range. */
export const change = z.object({
  /** `points`: ratios are subtracted, and `absolute` is in parts of one (0.03 is 3 percentage points). */
  kind: z.enum(["amount", "points"]),
  absolute: value,
  /** Parts of one of the earlier value (0.25 is +25 %); null for points, and when the earlier value was 0. */
  relative: z.number().nullable(),
  direction: z.enum(["up", "down", "same"]),
  /** There was nothing before. */
  isNew: z.boolean(),
});

/** One metric as the head of a page shows it. */
export const headline = z.object({
  metric: z.string(),
  title: z.string(),
  unit,
  kind: costKind.nullable(),
  population,
  activeRule: activeRule.nullable(),
  denominator: denominator.nullable(),
  source: z.array(z.string()).readonly(),
  range: dayRange,
  value,
  reason: reason.nullable(),
  lowSample: z.boolean(),
  /** The sums behind a ratio, named. */
  parts: z.record(z.string(), value).nullable(),
  /** Why this metric cannot be answered under these filters, or null. Then `value` is null too. */
  unavailable: z.string().nullable(),
  previous: z.object({ range: dayRange, value, reason: reason.nullable() }).nullable(),
  /** Why there is no comparison, in words; null when there is one or none was asked for. */
  previousReason: z.string().nullable(),
  change: change.nullable(),
  /** Null values are gaps. `at` is the day, the week's Monday or the month. At most 92 points. */
  sparkline: z
    .object({
      grain: z.enum(["day", "week", "month"]),
      points: z.array(z.object({ at: z.string(), value, provisional: z.boolean(), partial: z.boolean() })).readonly(),
    })
    .nullable(),
  ...trust,
  warnings,
});
