import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const deleteInvite = changeTool({
  name: "claude_code_delete_invite",
  title: "Withdraw an invite",
  description: "Ends an invite that nobody has accepted yet.",
  effect: "change",
  kind: "withdraw_invite",
  input: { invite_id: z.string() },
  translate: (given) => ({ arguments: given }),
});
