import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { tagsOf } from "../changes/familiar.ts";

export const updateWorkspace = changeTool({
  name: "claude_code_update_workspace",
  title: "Change a workspace",
  description: "Changes a workspace's name, colour or tags.",
  effect: "change",
  kind: "update_workspace",
  input: {
    workspace_id: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    display_color: z.string().optional().describe("#RRGGBB"),
    tags: z.record(z.string(), z.string().nullable()).optional().describe("null takes a tag away"),
  },
  translate: ({ workspace_id, name, description, display_color, tags: asked }) => {
    const { tags, notes } = tagsOf(asked, description);
    return { arguments: { workspace_id, name, display_color, tags }, notes };
  },
});
