import { z } from "zod";

import { counted } from "../../../domain/index.ts";
import { idArgument } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { diesWith, isActive, keysAbout } from "../key-facts.ts";
import { refuseLastAdmin } from "../last-admin.ts";
import { notPossible, userThere } from "../objects.ts";
import { isAdminRole } from "../own-role.ts";
import { hasAll, textOf } from "../json-members.ts";

export const removeMember = defineChange({
  name: "remove_member",
  title: "Remove a member",
  summary: "Takes somebody out of the organization and all of its workspaces; the API keys they made stay alive.",
  input: z.strictObject({ user_id: idArgument("user_01…") }),
  lists: ["users", "workspace_members", "api_keys"],
  async plan(world, { user_id: userId }) {
    const { member, state, isOwn, look } = await userThere(world, userId);
    if (isAdminRole(member.role)) {
      await refuseLastAdmin(world, member);
      throw notPossible(
        "Admins cannot be removed through the API",
        "Lower their role in the Console first, then plan it again.",
      );
    }
    const consequences: Consequence[] = [];
    if (isOwn) consequences.push({ says: "This is you: you would lose access to the organization at once." });
    const memberships = await world.record.memberships(userId);
    consequences.push({
      says:
        memberships.length === 0
          ? "They lose access to the organization."
          : `They lose access to the organization and to ${counted(memberships.length, "workspace")} of it`,
      about: memberships.map(({ workspaceId, workspace, role }) => ({
        id: workspaceId,
        name: workspace,
        ...(role === null ? {} : { note: role }),
      })),
    });
    const keys = (await world.record.keys()).filter(isActive);
    const dying = keys.filter((key) => diesWith(key, userId));
    const staying = keys.filter((key) => key.creator.id === userId && !dying.includes(key));
    if (staying.length > 0)
      consequences.push({
        says: `Of the API keys that they made, ${staying.length} stay alive and go on working for whoever has them`,
        about: keysAbout(staying),
      });
    if (dying.length > 0)
      consequences.push({
        says: `With the membership die personal keys and those of Claude Code, ${dying.length} in all`,
        about: keysAbout(dying),
      });
    const invites = (await world.live.list("/invites", { query: [["email", member.email]] })).filter(
      (invite) => hasAll(invite, { email: member.email }) && invite["status"] === "pending",
    );
    if (invites.length > 0)
      consequences.push({
        says: "For the same address an invite stays open, with which they could come back",
        about: invites.map((invite) => ({ id: textOf(invite["id"]), name: null })),
      });
    consequences.push({ says: "What they did stays in the record. They can be invited again." });
    return [
      {
        kind: "remove_member",
        title: "Remove a member",
        target: { kind: "user", id: userId, name: member.email },
        request: { method: "DELETE", path: `/v1/organizations/users/${userId}`, body: null },
        before: state,
        after: null,
        consequences,
        isReversible: false,
        look,
        touches: [userId, member.email, ...dying.map(({ keyId }) => keyId)],
        gives: null,
        isOwn,
      },
    ];
  },
});
