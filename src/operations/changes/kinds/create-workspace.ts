import { z } from "zod";

import { workspaceFields } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { sendable } from "../sendable.ts";
import { notPossible } from "../objects.ts";
import { idsWhere } from "../look.ts";

const MOST_ACTIVE = 100;

export const createWorkspace = defineChange({
  name: "create_workspace",
  title: "Create a workspace",
  summary: "Makes a new workspace, without members and keys.",
  input: z.strictObject({
    name: workspaceFields.name,
    display_color: workspaceFields.display_color.optional(),
    tags: workspaceFields.tags.optional(),
    data_residency: workspaceFields.data_residency.optional(),
  }),
  lists: ["workspaces"],
  async plan({ live }, input) {
    const active = await live.list("/workspaces");
    if (active.length >= MOST_ACTIVE)
      throw notPossible(`There are ${MOST_ACTIVE} active workspaces, as many as there may be`, "Archive one first.");
    const { name } = input;
    const known = idsWhere(active, { name });
    const consequences: Consequence[] = [
      { says: "The workspace has no members and no keys at first. A workspace is never deleted, only archived." },
    ];
    if (known.length > 0)
      consequences.unshift({
        says: "There is a workspace of this name already: reports show both under it",
        about: known.map((id) => ({ id, name })),
      });
    const body = sendable(input);
    return [
      {
        kind: "create_workspace",
        title: "Create a workspace",
        target: { kind: "workspace", id: null, name },
        request: { method: "POST", path: "/v1/organizations/workspaces", body },
        before: null,
        after: body,
        consequences,
        isReversible: false,
        look: {
          by: "listed",
          path: "/workspaces",
          query: [],
          paging: "by_id",
          where: { name },
          known,
          as: "workspace",
        },
        touches: [],
        gives: null,
        isOwn: false,
      },
    ];
  },
});
