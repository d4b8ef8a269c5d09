import { z } from "zod";

import { defineOperation } from "../define.ts";
import { filters } from "../filters.ts";
import { dayRange } from "../figures.ts";
import { withAsker } from "../money/asking.ts";
import { commonRange } from "../money/common-range.ts";
import { memberNames, spendTable, spendTableOf } from "../money/spend-table.ts";

const MOST = 50;

export const spendBy = defineOperation({
  id: "spendBy",
  title: "Spend by",
  summary: "Who or what spent the most: the largest members of one dimension, with the period before and the rest.",
  input: z.object({
    ...filters,
    by: z.string().describe("model, workspace, api_key, team, person, terminal, …"),
    most: z.coerce.number().int().min(1).max(1000).optional().describe(`members listed, default ${MOST}`),
  }),
  output: z.object({ range: dayRange, table: spendTable }),
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization; individuals appear as the caller's privacy mode lets them",
  run: (context, { by, most = MOST, ...narrowed }) =>
    withAsker(context, async (asker) => {
      const question = { metric: "cost", ...narrowed };
      const { from, to } = (await commonRange(asker, [question])) ?? (await asker.ask(question)).range;
      const names = await memberNames(asker, by);
      return { range: { from, to }, table: await spendTableOf(asker, { ...narrowed, from, to }, by, names, most) };
    }),
});
