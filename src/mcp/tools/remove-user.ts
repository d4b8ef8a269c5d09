import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const removeUser = changeTool({
  name: "claude_code_remove_user",
  title: "Remove a member",
  description: "Takes somebody out of the Anthropic organization; API keys they made stay alive.",
  effect: "destroy",
  kind: "remove_member",
  input: { user_id: z.string() },
  translate: (given) => ({ arguments: given }),
});
