import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const setSpendLimit = changeTool({
  name: "claude_code_set_spend_limit",
  title: "Set a spend limit",
  description: "Limits what a workspace, or the organization, may spend a month.",
  effect: "change",
  kind: "set_spend_limit",
  input: {
    workspace_id: z.string().optional().describe("none: the organization"),
    amount_usd: z.string(),
  },
  translate: (given) => ({ arguments: given }),
});
