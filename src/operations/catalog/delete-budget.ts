import { z } from "zod";

import { deleteBudget } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { unknownBudget } from "./save-budget.ts";

export const deleteBudgetOperation = defineOperation({
  id: "deleteBudget",
  title: "Delete a budget",
  summary: "Holds nothing to a budget any more.",
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string() }),
  permission: "settings",
  effect: "write",
  audit: { event: "budget.deleted", facts: ({ id }) => ({ budget: id }) },
  run: async ({ store, scope }, { id }) => {
    if (!(await store.write((tx) => deleteBudget(tx, scope, id)))) throw unknownBudget(id);
    return { id };
  },
});
