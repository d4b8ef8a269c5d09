import { z } from "zod";

import { changeNamed } from "../changes/decide-change.ts";
import { leavesOfChange } from "../changes/leaves-of-change.ts";
import { changeId, changeLeaves, changeShape } from "../changes/shapes.ts";
import { showChange } from "../changes/show-change.ts";
import { defineOperation } from "../define.ts";

export const getChange = defineOperation({
  id: "getChange",
  title: "A change",
  summary: "One change at Anthropic: its plan, what a person decided, what became of it, and its leaves.",
  input: z.object({ id: changeId }),
  output: changeShape.extend({ leaves: changeLeaves }),
  permission: "manage",
  effect: "read",
  fresh: true,
  audit: "none: what was planned and done stands in the ledger already",
  async run(context, { id }) {
    const row = await changeNamed(context, id);
    const leaves = await context.store.read((tx) => leavesOfChange(tx, context, row));
    return { ...showChange(row, context), leaves };
  },
});
