import { z } from "zod";

import { idArgument } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { notPossible, there } from "../objects.ts";
import { STATE_OF } from "../states.ts";
import { textOf } from "../json-members.ts";

export const withdrawInvite = defineChange({
  name: "withdraw_invite",
  title: "Withdraw an invite",
  summary: "Ends an invite that nobody has accepted yet.",
  input: z.strictObject({ invite_id: idArgument("invite_01…") }),
  lists: ["invites"],
  async plan(world, { invite_id: inviteId }) {
    const path = `/invites/${inviteId}`;
    const invite = await there(world, path, { field: "invite_id", what: "invite" });
    const status = textOf(invite["status"]);
    if (status !== "pending")
      throw notPossible(`This invite is ${status}, and only a pending one can be withdrawn`, "There is nothing to do.");
    const email = textOf(invite["email"]);
    return [
      {
        kind: "withdraw_invite",
        title: "Withdraw an invite",
        target: { kind: "invite", id: inviteId, name: email },
        request: { method: "DELETE", path: `/v1/organizations${path}`, body: null },
        before: STATE_OF.invite(invite),
        after: null,
        consequences: [{ says: "The link in the invitation stops working. The address can be invited again." }],
        isReversible: true,
        look: { by: "object", path, as: "invite" },
        touches: [inviteId, email],
        gives: null,
        isOwn: false,
      },
    ];
  },
});
