import { z } from "zod";

import { approve } from "../changes/decide-change.ts";
import { changeId, changeShape } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const approveChange = defineOperation({
  id: "approveChange",
  title: "Approve a change",
  summary: "A person's approval of a planned change; no token and no assistant can give it.",
  input: z.object({ id: changeId }),
  output: changeShape,
  permission: "manage",
  effect: "write",
  audit: "none: the decision and its leaf are written in one transaction by the change itself",
  run: (context, { id }) => approve(context, id),
});
