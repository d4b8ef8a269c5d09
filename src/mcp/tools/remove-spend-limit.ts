import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const removeSpendLimit = changeTool({
  name: "claude_code_remove_spend_limit",
  title: "Remove a spend limit",
  description: "Takes a spend limit away.",
  effect: "change",
  kind: "remove_spend_limit",
  input: { spend_limit_id: z.string() },
  translate: (given) => ({ arguments: given }),
});
