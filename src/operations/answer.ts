import { z } from "zod";

import { coverage, dayRange, reason, unit, warnings } from "./figures.ts";

const value = z.union([z.number(), z.string(), z.null()]);
const condition = z.object({ dimension: z.string(), value: z.string().nullable() });

/** An answer of the metrics, as every surface shows it. */
export const answer = z.object({
  metric: z.string(),
  title: z.string(),
  unit,
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
  coverage,
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
  warnings,
});
