import { z } from "zod";

import { changeTool } from "../changes/change-tool.ts";

export const updateApiKey = changeTool({
  name: "claude_code_update_api_key",
  title: "Change an API key",
  description: "Renames an API key, or makes it inactive, active again, or archived for good.",
  effect: "destroy",
  kind: "update_api_key",
  input: {
    api_key_id: z.string(),
    name: z.string().optional(),
    status: z.enum(["active", "inactive", "archived", "disabled"]).optional(),
  },
  translate: ({ api_key_id, name, status: asked }) => {
    const isDisabled = asked === "disabled";
    const status = isDisabled ? "inactive" : asked;
    return {
      arguments: { api_key_id, name, status },
      notes: isDisabled ? ["Anthropic has no status disabled: understood as inactive."] : [],
    };
  },
});
