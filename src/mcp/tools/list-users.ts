import { z } from "zod";

import { pageOf, pages, role, rolesOf, where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const listUsers = defineTool({
  name: "claude_code_list_users",
  title: "List users",
  description:
    "Members of the Anthropic organization with role and date. For what they use ask person_usage, for who is idle idle_people.",
  input: z.object({ email: z.string().optional(), role: role.optional(), ...pages, ...where }),
  output: z.object(objectList),
  permission: "people",
  effect: "read",
  past: true,
  list: "rows",
  async run(call, { email, role: asked, page, per_page, organization, live }) {
    const found = await askObjects(call, { kind: "users", organization, live });
    const roles = rolesOf(asked);
    const rows = found.rows.filter(
      (row) => roles.has(row["role"]) && (email === undefined || sameMailbox(row["email"], email)),
    );
    const part = pageOf(rows, { page, per_page });
    return {
      text: listText(found, rows.length, part, (row) =>
        [told(row, "id"), told(row, "email"), told(row, "role"), `since ${told(row, "added_at")}`].join(", "),
      ),
      data: { rows: [...part.rows], ...found.fresh },
      notes: [...found.notes, ...roles.notes, ...part.notes],
    };
  },
});

/** As Anthropic compares them: without regard to case, a plus tag being of the same mailbox. */
function sameMailbox(email: unknown, asked: string): boolean {
  const mailbox = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/\+[^@]*@/, "@");
  return typeof email === "string" && mailbox(email) === mailbox(asked);
}
