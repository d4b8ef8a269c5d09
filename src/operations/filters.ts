import { z } from "zod";

/** A UTC day as every surface writes it. Read strictly by the metrics, which name the field that cannot be read. */
export const day = z.string().describe("YYYY-MM-DD, UTC");

/** `dimension=value`, as an address or a command line spells a condition; `dimension=null` is the missing value. */
const conditionText = z
  .string()
  .regex(/^[^=]+=/, "write dimension=value, for example model=claude-opus-4-5")
  .transform((text) => {
    const at = text.indexOf("=");
    const value = text.slice(at + 1);
    return { dimension: text.slice(0, at).trim(), value: value === "null" ? null : value };
  });

const condition = z.union([z.object({ dimension: z.string(), value: z.string().nullable() }), conditionText]);

/** Equalities; several values of one dimension are alternatives. As objects, as text, or one text alone. */
export const conditions = z
  .union([z.array(condition), conditionText.transform((one) => [one])])
  .readonly()
  .describe("dimension=value; several of one dimension are alternatives");

export const grain = z.enum(["day", "week", "month"]);
export const costKind = z.enum(["estimated", "list", "net", "notional"]);
export const population = z.enum(["humans", "service", "unmapped", "all"]);
export const activeRule = z.enum(["any", "token", "engaged"]);
export const denominator = z.enum(["assigned_seats", "org_members", "roster", "ever_active"]);

/** What a range is compared with: the equal-length one before, or the same weekdays of the last whole weeks before. */
export const compareTo = z
  .enum(["previous", "same_weekdays"])
  .describe("the equal-length range before, or that range so many whole weeks before that weekdays meet weekdays");

/** What every page and question can be narrowed by: inclusive UTC days, conditions, and which reading of a figure. */
export const filters = {
  from: day.optional(),
  to: day.optional(),
  where: conditions.optional(),
  kind: costKind.optional(),
  population: population.optional(),
  activeRule: activeRule.optional(),
  denominator: denominator.optional(),
  asOf: day.optional(),
} as const;

/** A list that an address may also give as one value alone. */
export function oneOrMore<S extends z.ZodType>(item: S) {
  return z.union([z.array(item).min(1), item.transform((one) => [one])]).readonly();
}
