import { z } from "zod";

const value = z.union([z.number(), z.string(), z.null()]);
const reason = z.enum([
  "zero_denominator",
  "not_reported_by_source",
  "not_collected_yet",
  "below_minimum_sample",
  "suppressed_for_privacy",
  "mixed_currency",
]);
const dayRange = z.object({ from: z.string(), to: z.string() });
const condition = z.object({ dimension: z.string(), value: z.string().nullable() });

/** An answer of the metrics, as every surface shows it. */
export const answer = z.object({
  metric: z.string(),
  title: z.string(),
  unit: z.enum(["usd", "tokens", "requests", "sessions", "people", "person_days", "lines", "count", "ratio"]),
  range: dayRange.extend({ grain: z.enum(["day", "week", "month"]).nullable(), timezone: z.literal("UTC") }),
  by: z.array(z.string()).readonly(),
  where: z.array(condition).readonly(),
  kind: z.enum(["estimated", "list", "net", "notional"]).nullable(),
  population: z.enum(["humans", "service", "unmapped", "all"]),
  activeRule: z.enum(["any", "token", "engaged"]).nullable(),
  denominator: z.enum(["assigned_seats", "org_members", "roster", "ever_active"]).nullable(),
  source: z.array(z.string()).readonly(),
  /** `value` and its dimensions; with a grain `day`, `week` or `month`. */
  rows: z.array(z.looseObject({ value, source: z.string(), reason: reason.optional() })).readonly(),
  total: z.looseObject({ value, source: z.string(), reason: reason.optional() }),
  completeThrough: z.string().nullable(),
  asOf: z.string(),
  coverage: z.object({
    days: z.int(),
    covered: z.int(),
    partial: z.int(),
    missing: z.array(dayRange).readonly(),
    heldFrom: z.string().nullable(),
  }),
  provisional: z.array(z.string()).readonly(),
  unmapped: z.object({
    actors: z.number().nullable(),
    names: z.array(z.string()).readonly(),
    value,
    share: z.number().nullable(),
    reason: reason.optional(),
  }),
  unpriced: z.object({ models: z.array(z.string()).readonly(), tokens: z.union([z.number(), z.string()]) }),
  conflicted: z.int(),
  activeOutsideDenominator: z.array(z.string()).readonly().optional(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })).readonly(),
});
