import { z } from "zod";

import { defineOperation } from "../define.ts";
import { dayRange, headline, warnings } from "../figures.ts";
import {
  activeRule,
  compareTo,
  conditions,
  costKind,
  denominator,
  filters,
  oneOrMore,
  population,
} from "../filters.ts";
import { withAsker } from "../money/asking.ts";
import { commonRange } from "../money/common-range.ts";
import { headlineOf } from "../money/headline.ts";

const asked = z.object({
  metric: z.string(),
  kind: costKind.optional(),
  population: population.optional(),
  activeRule: activeRule.optional(),
  denominator: denominator.optional(),
  where: conditions.optional(),
});

/** `cost`, or `cost:net` for one kind of money. */
const askedText = z.string().transform((text): z.output<typeof asked> => {
  const [metric = "", kind] = text.split(":");
  const known = costKind.safeParse(kind);
  return { metric, ...(known.success ? { kind: known.data } : {}) };
});

export const summary = defineOperation({
  id: "summary",
  title: "Summary",
  summary: "Several metrics at once: each with its total, the period before, the change and a small series.",
  input: z.object({
    metrics: oneOrMore(z.union([asked, askedText])),
    ...filters,
    compareTo: compareTo.optional(),
    sparkline: z.boolean().optional().describe("default true"),
  }),
  output: z.object({ range: dayRange.nullable(), metrics: z.array(headline), warnings }),
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization, no individual",
  run: (context, { metrics, sparkline = true, where = [], compareTo: how, ...narrowed }) =>
    withAsker(
      context,
      async (asker) => {
        const questions = metrics.map(({ where: own = [], ...one }) => ({
          ...narrowed,
          ...withoutUndefined(one),
          metric: one.metric,
          where: [...where, ...own],
        }));
        const range = await commonRange(asker, questions);
        const answered = [];
        for (const question of questions) answered.push(await headlineOf(asker, { ...question, ...range }, sparkline));
        return { range, metrics: answered, warnings: [] };
      },
      how,
    ),
});

/** What a metric says for itself goes before what the page says; what it leaves open does not. */
function withoutUndefined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
