import { z } from "zod";

import { defineOperation } from "../define.ts";
import { compareTo, day, filters } from "../filters.ts";
import { againstOf } from "../money/against.ts";
import { withAsker } from "../money/asking.ts";
import { compare, comparison } from "../money/compare.ts";

export const comparePeriods = defineOperation({
  id: "comparePeriods",
  title: "Compare periods",
  summary:
    "One metric over two ranges with the same split and filters: difference and ratio, or why they do not compare.",
  input: z.object({
    metric: z.string(),
    ...filters,
    by: z.array(z.string()).readonly().optional(),
    source: z.enum(["messages", "claude_code", "analytics", "cost_report"]).optional(),
    previousFrom: day.optional().describe("compare with this range instead of the equal-length one before"),
    previousTo: day.optional(),
    compareTo: compareTo.optional(),
  }),
  output: comparison,
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; looks at single people are recorded by the surfaces that show them",
  run: (context, { previousFrom, previousTo, compareTo: how, ...question }) =>
    withAsker(context, (asker) => compare(asker, question, againstOf(previousFrom, previousTo)), how),
});
