import { z } from "zod";

import { where } from "../admin/familiar.ts";
import { askObject, freshness, objectText, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const getApiKey = defineTool({
  name: "claude_code_get_api_key",
  title: "Get an API key",
  description: "One API key with status, workspace, creator and expiry; never its secret.",
  input: z.object({ api_key_id: z.string().describe("id or name"), ...where }),
  output: z.object({ api_key: z.looseObject({ id: z.string() }), ...freshness }),
  permission: "read",
  effect: "read",
  past: true,
  async run(call, { api_key_id: id, organization, live }) {
    const found = await askObject(call, { kind: "api_keys", id, organization, live }, "api_key_id", "name");
    const { row } = found;
    return {
      text: objectText(
        found,
        row,
        `${told(row, "id")}, ${told(row, "name")}, ${told(row, "status")}, created ${told(row, "created_at")}`,
      ),
      data: { api_key: { ...row, id: String(row["id"]) }, ...found.fresh },
      notes: found.notes,
    };
  },
});
