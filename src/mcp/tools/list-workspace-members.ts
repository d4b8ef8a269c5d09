import { z } from "zod";

import { pageOf, pages, where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const listWorkspaceMembers = defineTool({
  name: "claude_code_list_workspace_members",
  title: "List workspace members",
  description: "Members of a workspace with their role there; user_id asks for one of them.",
  input: z.object({ workspace_id: z.string(), user_id: z.string().optional(), ...pages, ...where }),
  output: z.object(objectList),
  permission: "people",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { workspace_id: workspace, user_id: id, page, per_page, organization, live }) {
    const found = await askObjects(call, { kind: "workspace_members", workspace, id, organization, live });
    const part = pageOf(found.rows, { page, per_page });
    return {
      text: listText(
        found,
        found.rows.length,
        part,
        (row) => `${told(row, "user_id")}, ${told(row, "workspace_role")}`,
      ),
      data: { rows: [...part.rows], ...found.fresh },
      notes: [
        ...found.notes,
        ...(found.rows.length === 0
          ? [
              "The default workspace has no list of members: everybody belongs to it. Admins belong to all, listed or not.",
            ]
          : []),
        ...part.notes,
      ],
    };
  },
});
