import { z } from "zod";

import { planChange } from "../changes/plan-change.ts";
import { changeAsked, plannedChange } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const planChangeOperation = defineOperation({
  id: "planChange",
  title: "Plan a change",
  summary: "The dry run of a change at Anthropic: request, state before and after, consequences, and a confirmation.",
  input: z.object(changeAsked),
  output: plannedChange,
  permission: "manage",
  effect: "write",
  audit: "none: the plan and its leaf are written in one transaction by the change itself",
  run: (context, order) => planChange(context, order),
});
