import { z } from "zod";

import { where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told, type ObjectRow } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const listRateLimits = defineTool({
  name: "claude_code_list_rate_limits",
  title: "List rate limits",
  description:
    "Rate limits of the Messages API by group of models: the organization's, or with workspace_id those that hold for a workspace, each with where it comes from.",
  input: z.object({
    workspace_id: z.string().optional(),
    model: z.string().optional(),
    group_type: z.enum(["model_group", "batch", "token_count", "files", "skills", "web_search"]).optional(),
    ...where,
  }),
  output: z.object(objectList),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { workspace_id: workspace, model, group_type: type, organization, live }) {
    const found = await askObjects(call, { kind: "rate_limits", workspace, organization, live });
    const rows = found.rows.filter(
      (row) =>
        (model === undefined || (Array.isArray(row["models"]) && row["models"].includes(model))) &&
        (type === undefined || typeOf(row) === type),
    );
    return {
      text: listText(found, rows.length, { rows, notes: [] }, (row) => `${nameOf(row)}: ${limitsOf(row)}`),
      data: { rows, ...found.fresh },
      notes: found.notes,
    };
  },
});

/** Entries from before autumn 2026 have a type and no group. */
function typeOf(row: ObjectRow): unknown {
  const group = row["group"];
  return typeof group === "object" && group !== null && "type" in group ? group.type : row["group_type"];
}

function nameOf(row: ObjectRow): string {
  const group = row["group"];
  const named = typeof group === "object" && group !== null && "display_name" in group;
  return named ? told(group, "display_name") : told({ type: typeOf(row) }, "type");
}

function limitsOf(row: ObjectRow): string {
  const limits = Array.isArray(row["limits"]) ? (row["limits"] as readonly ObjectRow[]) : [];
  return limits.map((limit) => `${told(limit, "type")} ${told(limit, "value")}`).join(", ");
}
