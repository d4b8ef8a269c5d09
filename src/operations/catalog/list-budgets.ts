import { z } from "zod";

import { defineOperation } from "../define.ts";
import { withAsker } from "../money/asking.ts";
import { budgetShape, budgetsOf, budgetStateOf, shownBudget } from "../money/budgets.ts";

export const listBudgetsOperation = defineOperation({
  id: "listBudgets",
  title: "List budgets",
  summary: "What may be spent in a day, week or month on what, and how the present period stands to it.",
  input: z.object({}),
  output: z.object({ budgets: z.array(budgetShape) }),
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization; budgets of single people only for callers who may see individuals",
  run: (context) =>
    withAsker(context, async (asker) => {
      const budgets = [];
      for (const budget of await budgetsOf(asker)) {
        budgets.push(shownBudget(await budgetStateOf(asker, budget, false), asker.now));
      }
      return { budgets };
    }),
});
