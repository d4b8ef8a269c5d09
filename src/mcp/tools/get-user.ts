import { z } from "zod";

import { where } from "../admin/familiar.ts";
import { askObject, freshness, objectText, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const getUser = defineTool({
  name: "claude_code_get_user",
  title: "Get a user",
  description: "One member of the Anthropic organization; from the record also one who was removed.",
  input: z.object({ user_id: z.string().describe("id or e-mail"), ...where }),
  output: z.object({ user: z.looseObject({ id: z.string() }), ...freshness }),
  permission: "people",
  effect: "read",
  past: true,
  async run(call, { user_id: id, organization, live }) {
    const found = await askObject(call, { kind: "users", id, organization, live }, "user_id", "email");
    const { row } = found;
    return {
      text: objectText(
        found,
        row,
        `${told(row, "id")}, ${told(row, "email")}, ${told(row, "name")}, ${told(row, "role")}, member since ${told(row, "added_at")}`,
      ),
      data: { user: { ...row, id: String(row["id"]) }, ...found.fresh },
      notes: found.notes,
    };
  },
});
