import { z } from "zod";

import { idArgument } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { isActive, keysAbout } from "../key-facts.ts";
import { notPossible } from "../objects.ts";
import { isAdminRole } from "../own-role.ts";
import { workspaceMemberThere } from "../workspace-member.ts";

export const removeWorkspaceMember = defineChange({
  name: "remove_workspace_member",
  title: "Remove a workspace member",
  summary: "Takes somebody out of a workspace; they stay in the organization, and keys they made stay alive.",
  input: z.strictObject({ workspace_id: idArgument("wrkspc_01…"), user_id: idArgument("user_01…") }),
  lists: ["workspace_members"],
  async plan(world, { workspace_id: workspaceId, user_id: userId }) {
    const { workspace, member, isOwn, state, look, path } = await workspaceMemberThere(world, workspaceId, userId);
    if (isAdminRole(member.role) || member.role === "billing")
      throw notPossible(
        `They belong to every workspace by their role in the organization (${member.role})`,
        "Change their role in the organization instead.",
      );
    const keys = (await world.record.keys()).filter(
      (key) => key.workspaceId === workspaceId && key.creator.id === userId && isActive(key),
    );
    return [
      {
        kind: "remove_workspace_member",
        title: "Remove a workspace member",
        target: { kind: "workspace_member", id: userId, name: member.email },
        request: { method: "DELETE", path: `/v1/organizations${path}`, body: null },
        before: state,
        after: null,
        consequences: [
          ...(isOwn ? [{ says: "This is you: you would lose the workspace." }] : []),
          {
            says: "They lose this workspace, and stay in the organization",
            about: [{ id: workspaceId, name: workspace.name }],
          },
          ...(keys.length === 0
            ? []
            : [{ says: "The API keys that they made there stay alive", about: keysAbout(keys) }]),
        ],
        isReversible: true,
        look,
        touches: [workspaceId, userId, member.email],
        gives: null,
        isOwn,
      },
    ];
  },
});
