import { z } from "zod";

import { lookUpChange } from "../changes/look-up-change.ts";
import { changeId, changeShape } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const lookUpChangeOperation = defineOperation({
  id: "lookUpChange",
  title: "Look up a change",
  summary: "Asks Anthropic what became of a change whose outcome is unknown; sends nothing that changes anything.",
  input: z.object({ id: changeId }),
  output: changeShape,
  permission: "manage",
  effect: "write",
  audit: "none: what is found leaves its leaf with before and after by the change itself",
  run: (context, { id }) => lookUpChange(context, id),
});
