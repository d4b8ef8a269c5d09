import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { memberRole, memberRoleOf } from "../changes/familiar.ts";

export const updateUserRole = changeTool({
  name: "claude_code_update_user_role",
  title: "Change a member's role",
  description: "Gives a member of the Anthropic organization another role.",
  effect: "change",
  kind: "change_member_role",
  input: { user_id: z.string(), role: memberRole },
  translate: ({ user_id, role: asked }) => {
    const { role, notes } = memberRoleOf(asked);
    return { arguments: { user_id, role }, notes };
  },
});
