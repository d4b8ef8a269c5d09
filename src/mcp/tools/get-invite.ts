import { z } from "zod";

import { where } from "../admin/familiar.ts";
import { askObject, freshness, objectText, told } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";

export const getInvite = defineTool({
  name: "claude_code_get_invite",
  title: "Get an invite",
  description: "One invitation with its status.",
  input: z.object({ invite_id: z.string().describe("id or e-mail"), ...where }),
  output: z.object({ invite: z.looseObject({ id: z.string() }), ...freshness }),
  permission: "people",
  effect: "read",
  past: true,
  async run(call, { invite_id: id, organization, live }) {
    const found = await askObject(call, { kind: "invites", id, organization, live }, "invite_id", "email");
    const { row } = found;
    return {
      text: objectText(
        found,
        row,
        `${told(row, "id")}, ${told(row, "email")}, ${told(row, "role")}, ${told(row, "status")} until ${told(row, "expires_at")}`,
      ),
      data: { invite: { ...row, id: String(row["id"]) }, ...found.fresh },
      notes: found.notes,
    };
  },
});
