import { z } from "zod";

import { pageOf, pages, where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const listInvites = defineTool({
  name: "claude_code_list_invites",
  title: "List invites",
  description: "Invitations to the Anthropic organization, deleted ones excepted, with role, status and expiry.",
  input: z.object({
    status: z.enum(["pending", "accepted", "expired"]).optional(),
    email: z.string().optional(),
    ...pages,
    ...where,
  }),
  output: z.object(objectList),
  permission: "people",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { status, email, page, per_page, organization, live }) {
    const found = await askObjects(call, { kind: "invites", organization, live });
    const rows = found.rows.filter(
      (row) =>
        (status === undefined || row["status"] === status) &&
        (email === undefined || String(row["email"]).toLowerCase() === email.trim().toLowerCase()),
    );
    const part = pageOf(rows, { page, per_page });
    return {
      text: listText(found, rows.length, part, (row) =>
        [
          told(row, "id"),
          told(row, "email"),
          told(row, "role"),
          told(row, "status"),
          `until ${told(row, "expires_at")}`,
        ].join(", "),
      ),
      data: { rows: [...part.rows], ...found.fresh },
      notes: [...found.notes, ...part.notes],
    };
  },
});
