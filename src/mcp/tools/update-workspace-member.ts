import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { roleInWorkspace, roleInWorkspaceOf } from "../changes/familiar.ts";

export const updateWorkspaceMember = changeTool({
  name: "claude_code_update_workspace_member",
  title: "Change a workspace member's role",
  description: "Gives a member of a workspace another role there.",
  effect: "change",
  kind: "change_workspace_member_role",
  input: { workspace_id: z.string(), user_id: z.string(), role: roleInWorkspace },
  translate: ({ workspace_id, user_id, role: asked }) => {
    const { role, notes } = roleInWorkspaceOf(asked);
    return { arguments: { workspace_id, user_id, workspace_role: role }, notes };
  },
});
