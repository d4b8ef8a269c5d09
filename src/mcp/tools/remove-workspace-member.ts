import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const removeWorkspaceMember = changeTool({
  name: "claude_code_remove_workspace_member",
  title: "Remove a workspace member",
  description: "Takes somebody out of a workspace; they stay in the organization.",
  effect: "change",
  kind: "remove_workspace_member",
  input: { workspace_id: z.string(), user_id: z.string() },
  translate: (given) => ({ arguments: given }),
});
