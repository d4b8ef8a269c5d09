import { z } from "zod";

import { idArgument } from "../arguments.ts";
import { defineChange, type StepDraft } from "../define-change.ts";
import { removeMember } from "./remove-member.ts";
import { updateApiKey } from "./update-api-key.ts";
import { withdrawInvite } from "./withdraw-invite.ts";
import { hasAll, textOf } from "../json-members.ts";

const ids = (example: string) => z.array(idArgument(example)).max(100).default([]);

/** A series of the other kinds, under one approval. What it should hold for somebody is worked out by `offboardPlan`. */
export const offboardMember = defineChange({
  name: "offboard_member",
  title: "Off-board somebody",
  summary: "Withdraws somebody's open invites, removes them from the organization, and makes keys of theirs inactive.",
  input: z
    .strictObject({
      user_id: idArgument("user_01…").optional().describe("left out: they are no member any more"),
      withdraw_invites: ids("invite_01…"),
      deactivate_keys: ids("apikey_01…"),
    })
    .refine(
      (input) => input.user_id !== undefined || input.withdraw_invites.length + input.deactivate_keys.length > 0,
      { path: ["user_id"], message: "nothing to do is given" },
    ),
  lists: ["users", "invites", "workspace_members", "api_keys"],
  async plan(world, input) {
    const steps: StepDraft[] = [];
    // Invites first, so that nobody comes back in between; then the person, who could make new keys; then the keys.
    for (const inviteId of unique(input.withdraw_invites))
      steps.push(...(await withdrawInvite.plan(world, { invite_id: inviteId })));
    if (input.user_id !== undefined) steps.push(...(await removeMember.plan(world, { user_id: input.user_id })));
    for (const keyId of unique(input.deactivate_keys))
      steps.push(...(await updateApiKey.plan(world, { api_key_id: keyId, status: "inactive" })));
    return steps;
  },
  async check({ live }, { user_id: userId, withdraw_invites: inviteIds, deactivate_keys: keyIds }) {
    const left: string[] = [];
    if (userId !== undefined && (await live.find(`/users/${userId}`)) !== null)
      left.push(`${userId} is still a member`);
    for (const inviteId of unique(inviteIds)) {
      const invite = await live.find(`/invites/${inviteId}`);
      if (invite?.["status"] === "pending") left.push(`invite ${inviteId} is still open`);
    }
    const keys = await live.list("/api_keys");
    for (const key of keys) {
      const id = textOf(key["id"]);
      if (key["status"] !== "active") continue;
      if (keyIds.includes(id)) left.push(`key ${id} is still active`);
      else if (userId !== undefined && hasAll(key, { created_by: { id: userId } }))
        left.push(`key ${id}, which they made, stays active: it was not chosen`);
    }
    return left;
  },
});

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
