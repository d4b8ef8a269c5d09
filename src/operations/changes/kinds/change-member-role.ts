import { z } from "zod";

import { idArgument, organizationRole } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { refuseLastAdmin } from "../last-admin.ts";
import { isActive, keysAbout } from "../key-facts.ts";
import { nothingToChange, userThere } from "../objects.ts";
import { isAdminRole } from "../own-role.ts";
import { ROLE_SAYS } from "../role-says.ts";

export const changeMemberRole = defineChange({
  name: "change_member_role",
  title: "Change a member's role",
  summary: "Gives a member of the organization another role.",
  input: z.strictObject({ user_id: idArgument("user_01…"), role: organizationRole }),
  lists: ["users"],
  async plan(world, { user_id: userId, role }) {
    const { member, state, isOwn, look } = await userThere(world, userId);
    if (member.role === role) throw nothingToChange(`They are ${role} already`);
    const consequences: Consequence[] = [];
    if (isOwn) consequences.push({ says: `This is your own role: you would be ${role} from now on.` });
    if (isAdminRole(member.role)) {
      await refuseLastAdmin(world, member);
      // The reference says it of Enterprise alone; the Console's admins may be as fixed.
      consequences.push({
        says: "They are an admin. Anthropic may refuse to change that through the API; the Console can.",
      });
    }
    consequences.push({
      says: `Their role is ${member.role} now. With the role ${role} they ${withoutSubject(role)}.`,
    });
    const keys = (await world.record.keys()).filter((key) => key.creator.id === userId && isActive(key));
    if (keys.length > 0 && !MAY_MAKE_KEYS.includes(role))
      consequences.push({
        says: `They can make no more API keys. Those that they made go on working`,
        about: keysAbout(keys),
      });
    return [
      {
        kind: "change_member_role",
        title: `Change a member's role from ${member.role} to ${role}`,
        target: { kind: "user", id: userId, name: member.email },
        request: { method: "POST", path: `/v1/organizations/users/${userId}`, body: { role } },
        before: state,
        after: { ...state, role },
        consequences,
        isReversible: !isAdminRole(member.role),
        look,
        touches: [userId, member.email],
        gives: { where: "organization", role, from: member.role },
        isOwn,
      },
    ];
  },
});

const MAY_MAKE_KEYS: readonly string[] = ["developer", "billing"];

function withoutSubject(role: string): string {
  return (ROLE_SAYS[role] ?? "have what that role allows").replace(/^has /, "have ");
}
