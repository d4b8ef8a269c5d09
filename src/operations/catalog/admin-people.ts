import { z } from "zod";

import { findObjects, objectsInput, objectsOutput } from "../admin/objects.ts";
import { defineOperation } from "../define.ts";

export const adminPeople = defineOperation({
  id: "adminPeople",
  title: "People of the Admin API",
  summary: "Members, invites and members of a workspace as Anthropic gives them, from the record or asked now.",
  input: z.object({
    kind: z.enum(["users", "invites", "workspace_members"]),
    ...objectsInput,
    workspace: z.string().max(200).optional().describe("whose members; of all workspaces when left out"),
  }),
  output: z.object(objectsOutput),
  permission: "people",
  effect: "read",
  past: "lists",
  audit: "none: looks at single people are recorded by the surfaces that show them",
  fresh: true,
  run: async (context, question) => ({ ...(await findObjects(context, question)), hidden: 0 }),
});
