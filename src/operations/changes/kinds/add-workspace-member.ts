import { z } from "zod";

import { idArgument, workspaceRole } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { notPossible, refuseDefault, userThere, workspaceThere } from "../objects.ts";
import { isAdminRole } from "../own-role.ts";
import { ROLE_SAYS } from "../role-says.ts";

export const addWorkspaceMember = defineChange({
  name: "add_workspace_member",
  title: "Add a workspace member",
  summary: "Gives a member of the organization a role in a workspace.",
  input: z.strictObject({
    workspace_id: idArgument("wrkspc_01…"),
    user_id: idArgument("user_01…"),
    workspace_role: workspaceRole,
  }),
  lists: ["workspace_members"],
  async plan(world, { workspace_id: workspaceId, user_id: userId, workspace_role: role }) {
    const workspace = await workspaceThere(world, workspaceId);
    refuseDefault(workspace, "Everybody belongs to the default workspace; it has no list of members");
    const { member, isOwn } = await userThere(world, userId);
    if (isAdminRole(member.role))
      throw notPossible(
        "An admin of the organization is an admin of every workspace already",
        "There is nothing to do.",
      );
    const path = `/workspaces/${workspaceId}/members/${userId}`;
    if ((await world.live.find(path)) !== null)
      throw notPossible("They are a member of the workspace already", "Change their role there instead.");
    return [
      {
        kind: "add_workspace_member",
        title: `Add a workspace member as ${role}`,
        target: { kind: "workspace_member", id: userId, name: member.email },
        request: {
          method: "POST",
          path: `/v1/organizations/workspaces/${workspaceId}/members`,
          body: { user_id: userId, workspace_role: role },
        },
        before: null,
        after: { workspace_id: workspaceId, user_id: userId, workspace_role: role },
        consequences: [
          ...(isOwn ? [{ says: "This is you." }] : []),
          {
            says: `In this workspace they become ${role}: whoever is one ${ROLE_SAYS[role]}`,
            about: [{ id: workspaceId, name: workspace.name }],
          },
        ],
        isReversible: true,
        look: { by: "object", path, as: "workspace_member" },
        touches: [workspaceId, userId, member.email],
        gives: { where: "workspace", role, from: null, workspaceId },
        isOwn,
      },
    ];
  },
});
