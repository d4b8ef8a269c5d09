import { z } from "zod";

import { defineOperation } from "../define.ts";
import { compareTo, day, filters, oneOrMore } from "../filters.ts";
import { againstOf } from "../money/against.ts";
import { withAsker } from "../money/asking.ts";
import { explain, explained } from "../money/explain.ts";

export const explainChange = defineOperation({
  id: "explainChange",
  title: "Explain a change",
  summary: "Which members of each dimension made a sum change since the period before, adding up exactly.",
  input: z.object({
    metric: z.string().describe("a sum: cost, tokens, sessions, …"),
    ...filters,
    by: oneOrMore(z.string()).describe("dimensions, each explained by itself"),
    previousFrom: day.optional().describe("compare with this range instead of the equal-length one before"),
    previousTo: day.optional(),
    compareTo: compareTo.optional(),
    most: z.coerce.number().int().min(1).max(100).optional().describe("members listed per dimension, default 10"),
  }),
  output: explained,
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  run: (context, { by, previousFrom, previousTo, compareTo: how, most = 10, ...question }) =>
    withAsker(context, (asker) => explain(asker, question, by, againstOf(previousFrom, previousTo), most), how),
});
