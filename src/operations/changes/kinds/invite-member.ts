import { z } from "zod";

import { emailArgument, organizationRole } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { notPossible } from "../objects.ts";
import { ROLE_SAYS } from "../role-says.ts";
import { hasAll } from "../json-members.ts";

export const inviteMember = defineChange({
  name: "invite_member",
  title: "Invite a member",
  summary: "Invites an address to join the organization with a role.",
  input: z.strictObject({ email: emailArgument, role: organizationRole }),
  lists: ["invites"],
  async plan({ live }, { email, role }) {
    const asked = { query: [["email", email]] } as const;
    const isHere = (object: Parameters<typeof hasAll>[0]) => hasAll(object, { email });
    if ((await live.list("/users", asked)).some(isHere))
      throw notPossible("This address is a member already", "Change their role instead.");
    const open = (await live.list("/invites", asked)).filter((one) => isHere(one) && one["status"] === "pending");
    if (open.length > 0)
      throw notPossible("There is an open invite for this address", "Wait for it, or withdraw it first.");
    return [
      {
        kind: "invite_member",
        title: `Invite as ${role}`,
        target: { kind: "invite", id: null, name: email },
        request: { method: "POST", path: "/v1/organizations/invites", body: { email, role } },
        before: null,
        after: { email, role, status: "pending" },
        consequences: [
          { says: `Anthropic sends an invitation to this address; whoever accepts it ${ROLE_SAYS[role]}.` },
          { says: "It can be accepted for 21 days, and withdrawn until then." },
        ],
        isReversible: true,
        look: {
          by: "listed",
          path: "/invites",
          query: asked.query,
          paging: "by_id",
          where: { email, role, status: "pending" },
          known: [],
          as: "invite",
        },
        touches: [email],
        gives: { where: "organization", role, from: null },
        isOwn: false,
      },
    ];
  },
});
