import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const setWorkspaceRateLimit = changeTool({
  name: "claude_code_set_workspace_rate_limit",
  title: "Limit a workspace's rate",
  description: "Sets or clears a workspace's own rate limits of one group of models.",
  effect: "change",
  kind: "set_workspace_rate_limit",
  input: {
    workspace_id: z.string(),
    rate_limit: z.string().describe("a model of the group, or its id"),
    limits: z.array(
      z.strictObject({
        type: z.string(),
        value: z.int().nullable().describe("null clears"),
      }),
    ),
  },
  translate: (given) => ({ arguments: given }),
});
