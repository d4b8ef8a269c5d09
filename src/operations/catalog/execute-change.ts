import { z } from "zod";

import { executeChange } from "../changes/execute-change.ts";
import { changeAsked, changeShape, confirmation } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const executeChangeOperation = defineOperation({
  id: "executeChange",
  title: "Execute a change",
  summary: "Executes once what was planned with these arguments and approved by a person, and says what became of it.",
  input: z.object({ ...changeAsked, confirmation: confirmation.describe("of `planChange`") }),
  output: changeShape,
  permission: "manage",
  effect: "write",
  audit: "none: each step leaves its leaf with before and after when it is taken, refusals too",
  run: (context, order) => executeChange(context, order),
});
