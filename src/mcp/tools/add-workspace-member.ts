import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { roleInWorkspace, roleInWorkspaceOf } from "../changes/familiar.ts";

export const addWorkspaceMember = changeTool({
  name: "claude_code_add_workspace_member",
  title: "Add a workspace member",
  description: "Gives a member of the organization a role in a workspace.",
  effect: "change",
  kind: "add_workspace_member",
  input: { workspace_id: z.string(), user_id: z.string(), role: roleInWorkspace },
  translate: ({ workspace_id, user_id, role: asked }) => {
    const { role, notes } = roleInWorkspaceOf(asked);
    return { arguments: { workspace_id, user_id, workspace_role: role }, notes };
  },
});
