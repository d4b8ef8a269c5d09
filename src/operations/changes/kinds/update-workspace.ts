import { z } from "zod";

import { isJsonObject, type Json, type JsonObject } from "../../../domain/index.ts";
import { canonicalJson } from "../../../ledger/index.ts";
import { idArgument, workspaceFields } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { notPossible, nothingToChange, workspaceThere } from "../objects.ts";
import { sendable } from "../sendable.ts";

export const updateWorkspace = defineChange({
  name: "update_workspace",
  title: "Change a workspace",
  summary: "Changes a workspace's name, colour, tags or where its requests may be processed.",
  input: z
    .strictObject({
      workspace_id: idArgument("wrkspc_01…"),
      name: workspaceFields.name.optional(),
      display_color: workspaceFields.display_color.optional(),
      tags: workspaceFields.tags.optional().describe("added to those there are; null takes one away"),
      data_residency: workspaceFields.data_residency.optional(),
    })
    .refine((input) => Object.keys(input).length > 1, {
      path: ["workspace_id"],
      message: "nothing to change is given",
    }),
  lists: ["workspaces"],
  async plan(world, { workspace_id: workspaceId, ...fields }) {
    const workspace = await workspaceThere(world, workspaceId);
    if (fields.name !== undefined && workspace.isDefault)
      throw notPossible("The default workspace cannot be renamed", "Choose another workspace.");
    const body = sendable(fields);
    const after = merged(workspace.state, body);
    if (canonicalJson(after) === canonicalJson(workspace.state)) throw nothingToChange("The workspace is so already");
    const consequences: Consequence[] = [];
    if (body["data_residency"] !== undefined)
      consequences.push({
        says: "Requests of the workspace that ask for another place than these are refused from then on.",
      });
    if (fields.name !== undefined)
      consequences.push({ says: "Reports show the new name for the past too; keys and members stay as they are." });
    if (consequences.length === 0) consequences.push({ says: "Keys and members stay as they are." });
    return [
      {
        kind: "update_workspace",
        title: "Change a workspace",
        target: { kind: "workspace", id: workspaceId, name: workspace.name },
        request: { method: "POST", path: `/v1/organizations/workspaces/${workspaceId}`, body },
        before: workspace.state,
        after,
        consequences,
        isReversible: true,
        look: workspace.look,
        touches: [workspaceId],
        gives: null,
        isOwn: false,
      },
    ];
  },
});

/** What is given takes the place of what there was; of tags and residency each member by itself. */
function merged(state: JsonObject, body: JsonObject): JsonObject {
  const members = Object.entries(body).map(([name, value]): [string, Json] => {
    const before = state[name];
    if (!isJsonObject(value) || !isJsonObject(before)) return [name, value];
    const both = Object.entries({ ...before, ...value });
    return [name, Object.fromEntries(name === "tags" ? both.filter(([, one]) => one !== null) : both)];
  });
  return { ...state, ...Object.fromEntries(members) };
}
