import { z } from "zod";

import { changeNamed } from "../changes/decide-change.ts";
import { changeId, changeShape } from "../changes/shapes.ts";
import { showChange } from "../changes/show-change.ts";
import { defineOperation } from "../define.ts";

export const getChange = defineOperation({
  id: "getChange",
  title: "A change",
  summary: "One change at Anthropic: its plan, what a person decided, and what became of it.",
  input: z.object({ id: changeId }),
  output: changeShape,
  permission: "manage",
  effect: "read",
  fresh: true,
  audit: "none: what was planned and done stands in the ledger already",
  run: async (context, { id }) => showChange(await changeNamed(context, id), context),
});
