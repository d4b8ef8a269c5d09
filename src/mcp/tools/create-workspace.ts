import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";
import { tagsOf } from "../changes/familiar.ts";

export const createWorkspace = changeTool({
  name: "claude_code_create_workspace",
  title: "Create a workspace",
  description: "Makes a workspace in the Anthropic organization, without members and keys.",
  effect: "change",
  kind: "create_workspace",
  input: {
    name: z.string(),
    description: z.string().optional(),
    display_color: z.string().optional().describe("#RRGGBB"),
    tags: z.record(z.string(), z.string()).optional(),
  },
  translate: ({ name, description, display_color, tags: asked }) => {
    const { tags, notes } = tagsOf(asked, description);
    return { arguments: { name, display_color, tags }, notes };
  },
});
