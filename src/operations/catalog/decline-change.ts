import { z } from "zod";

import { decline } from "../changes/decide-change.ts";
import { changeId, changeShape } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const declineChange = defineOperation({
  id: "declineChange",
  title: "Decline a change",
  summary: "Calls off a change that was planned or approved, and not begun.",
  input: z.object({ id: changeId }),
  output: changeShape,
  permission: "manage",
  effect: "write",
  audit: "none: the decision and its leaf are written in one transaction by the change itself",
  run: (context, { id }) => decline(context, id),
});
