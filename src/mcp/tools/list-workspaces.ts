import { z } from "zod";

import { pageOf, pages, where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";
import { counted } from "../record/words.ts";

export const listWorkspaces = defineTool({
  name: "claude_code_list_workspaces",
  title: "List workspaces",
  description: "Workspaces of the Anthropic organization, the default one included. Spend by workspace: query_metric.",
  input: z.object({ include_archived: z.boolean().optional(), ...pages, ...where }),
  output: z.object(objectList),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { include_archived: withArchived = false, page, per_page, organization, live }) {
    const found = await askObjects(call, { kind: "workspaces", organization, live });
    const rows = withArchived ? found.rows : found.rows.filter((row) => (row["archived_at"] ?? null) === null);
    const left = found.rows.length - rows.length;
    const part = pageOf(rows, { page, per_page });
    return {
      text: listText(found, rows.length, part, (row) => {
        const archived = typeof row["archived_at"] === "string" ? `, archived ${row["archived_at"]}` : "";
        return `${told(row, "id")}, ${told(row, "name")}, created ${told(row, "created_at")}${archived}`;
      }),
      data: { rows: [...part.rows], ...found.fresh },
      notes: [
        ...found.notes,
        ...(left === 0
          ? []
          : [`${counted(left, "archived one is", "archived ones are")} left out; ask with include_archived.`]),
        ...part.notes,
      ],
    };
  },
});
