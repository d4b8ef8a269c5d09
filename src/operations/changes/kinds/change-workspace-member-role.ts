import { z } from "zod";

import { idArgument, workspaceRole } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { notPossible, nothingToChange } from "../objects.ts";
import { isAdminRole } from "../own-role.ts";
import { ROLE_SAYS } from "../role-says.ts";
import { workspaceMemberThere } from "../workspace-member.ts";

export const changeWorkspaceMemberRole = defineChange({
  name: "change_workspace_member_role",
  title: "Change a workspace member's role",
  summary: "Gives a member of a workspace another role there.",
  input: z.strictObject({
    workspace_id: idArgument("wrkspc_01…"),
    user_id: idArgument("user_01…"),
    workspace_role: workspaceRole,
  }),
  lists: ["workspace_members"],
  async plan(world, { workspace_id: workspaceId, user_id: userId, workspace_role: role }) {
    const { workspace, member, isOwn, state, look, from, path } = await workspaceMemberThere(
      world,
      workspaceId,
      userId,
    );
    if (from === role) throw nothingToChange(`They are ${role} there already`);
    if (isAdminRole(member.role) || (member.role === "billing" && role !== "workspace_admin"))
      throw notPossible(
        `Their role there follows from their role in the organization (${member.role}), and cannot be lowered`,
        "Change their role in the organization instead.",
      );
    return [
      {
        kind: "change_workspace_member_role",
        title: `Change a workspace member's role from ${from} to ${role}`,
        target: { kind: "workspace_member", id: userId, name: member.email },
        request: { method: "POST", path: `/v1/organizations${path}`, body: { workspace_role: role } },
        before: state,
        after: { ...state, workspace_role: role },
        consequences: [
          ...(isOwn ? [{ says: "This is your own role." }] : []),
          {
            says: `In this workspace they were ${from}. Whoever is ${role} ${ROLE_SAYS[role]}`,
            about: [{ id: workspaceId, name: workspace.name }],
          },
          { says: "Keys that they made stay as they are." },
        ],
        isReversible: true,
        look,
        touches: [workspaceId, userId, member.email],
        gives: { where: "workspace", role, from, workspaceId },
        isOwn,
      },
    ];
  },
});
