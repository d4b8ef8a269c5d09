import { z } from "zod";

import { pageOf, pages, where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told, type ObjectRow } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const listApiKeys = defineTool({
  name: "claude_code_list_api_keys",
  title: "List API keys",
  description:
    "API keys of the Anthropic organization with status, workspace, creator and expiry; never a secret. For keys that nobody used or owns ask key_hygiene.",
  input: z.object({
    status: z.enum(["active", "inactive", "archived", "expired", "disabled"]).optional(),
    workspace_id: z.string().optional(),
    created_by_user_id: z.string().optional(),
    ...pages,
    ...where,
  }),
  output: z.object(objectList),
  permission: "read",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { status: asked, workspace_id, created_by_user_id: creator, page, per_page, organization, live }) {
    const found = await askObjects(call, { kind: "api_keys", organization, live });
    const status = asked === "disabled" ? "inactive" : asked;
    const rows = found.rows.filter(
      (row) =>
        (status === undefined || row["status"] === status) &&
        (workspace_id === undefined || workspaceOf(row) === workspace_id) &&
        (creator === undefined || memberOf(row["created_by"], "id") === creator),
    );
    const part = pageOf(rows, { page, per_page });
    return {
      text: listText(found, rows.length, part, (row) =>
        [told(row, "id"), told(row, "name"), told(row, "status"), `workspace ${workspaceOf(row) ?? "none"}`].join(", "),
      ),
      data: { rows: [...part.rows], ...found.fresh },
      notes: [
        ...found.notes,
        ...(asked === "disabled" ? ["Anthropic has no status disabled: asked as inactive."] : []),
        ...part.notes,
      ],
    };
  },
});

/** The scope has the real id of the default workspace; the older member has null there. */
function workspaceOf(row: ObjectRow): string | null {
  const id = memberOf(row["scope"], "workspace_id") ?? row["workspace_id"];
  return typeof id === "string" ? id : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
