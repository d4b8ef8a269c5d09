import { z } from "zod";

import { where } from "../admin/familiar.ts";
import { askObject, freshness, objectText, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const getWorkspace = defineTool({
  name: "claude_code_get_workspace",
  title: "Get a workspace",
  description: "One workspace with its data residency and tags.",
  input: z.object({ workspace_id: z.string().describe("id or name"), ...where }),
  output: z.object({ workspace: z.looseObject({ id: z.string() }), ...freshness }),
  permission: "read",
  effect: "read",
  past: true,
  async run(call, { workspace_id: id, organization, live }) {
    const found = await askObject(call, { kind: "workspaces", id, organization, live }, "workspace_id", "name");
    const { row } = found;
    return {
      text: objectText(found, row, `${told(row, "id")}, ${told(row, "name")}, created ${told(row, "created_at")}`),
      data: { workspace: { ...row, id: String(row["id"]) }, ...found.fresh },
      notes: found.notes,
    };
  },
});
