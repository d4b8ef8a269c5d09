import type { ChangeWorld } from "./change-world.ts";
import type { Look } from "./define-change.ts";
import { refuseDefault, there, userThere, workspaceThere } from "./objects.ts";
import { STATE_OF } from "./states.ts";
import { textOf } from "./json-members.ts";

/** A member of a workspace that has members of its own, as they are now. */
export async function workspaceMemberThere(world: ChangeWorld, workspaceId: string, userId: string) {
  const workspace = await workspaceThere(world, workspaceId);
  refuseDefault(workspace, "The default workspace has no list of members");
  const path = `/workspaces/${workspaceId}/members/${userId}`;
  const found = await there(world, path, { field: "user_id", what: "member of this workspace" });
  const { member, isOwn } = await userThere(world, userId);
  const look: Look = { by: "object", path, as: "workspace_member" };
  const state = STATE_OF.workspace_member(found);
  return { workspace, member, isOwn, state, look, path, from: textOf(found["workspace_role"]) };
}
