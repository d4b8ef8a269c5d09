import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { memberRole, memberRoleOf } from "../changes/familiar.ts";

export const createInvite = changeTool({
  name: "claude_code_create_invite",
  title: "Invite a member",
  description: "Invites an e-mail address to the Anthropic organization with a role.",
  effect: "change",
  kind: "invite_member",
  input: { email: z.string(), role: memberRole },
  translate: ({ email, role: asked }) => {
    const { role, notes } = memberRoleOf(asked);
    return { arguments: { email, role }, notes };
  },
});
