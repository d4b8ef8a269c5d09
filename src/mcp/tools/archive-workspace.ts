import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const archiveWorkspace = changeTool({
  name: "claude_code_archive_workspace",
  title: "Archive a workspace",
  description: "Ends a workspace for good and revokes all of its keys at once.",
  effect: "destroy",
  kind: "archive_workspace",
  input: { workspace_id: z.string() },
  translate: (given) => ({ arguments: given }),
});
