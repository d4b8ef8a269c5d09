import { z } from "zod";

import { offboardingOf } from "../changes/offboarding.ts";
import { defineOperation } from "../define.ts";

export const offboardPlan = defineOperation({
  id: "offboardPlan",
  title: "Off-boarding",
  summary: "What somebody has at Anthropic, what would break without it, and the changes that end it, in order.",
  input: z.object({
    person: z.string().min(1).max(320).describe("e-mail, id of the roster (p_…), or id at Anthropic (user_…)"),
    organization: z.string().max(200).optional().describe("id, name or connection; needed where there are several"),
  }),
  output: z.object({
    organizationId: z.string(),
    organization: z.string(),
    person: z.object({
      personId: z.string().nullable().describe("of the roster"),
      name: z.string().nullable(),
      emails: z.array(z.string()),
      userId: z.string().nullable().describe("null: no member"),
      role: z.string().nullable(),
    }),
    memberships: z.array(
      z.object({ workspaceId: z.string(), workspace: z.string().nullable(), role: z.string().nullable() }),
    ),
    invites: z.array(z.object({ inviteId: z.string(), email: z.string(), role: z.string(), expiresAt: z.string() })),
    keys: z.array(
      z.object({
        keyId: z.string(),
        name: z.string(),
        hint: z.string().nullable(),
        workspace: z.string().nullable(),
        status: z.string(),
        relation: z.enum(["made", "owns", "acts_as"]),
        diesWithMembership: z.boolean(),
        lastUsed: z.string().nullable(),
        tokens30Days: z.union([z.int(), z.string()]).nullable(),
        breaks: z.string().describe("what happens to whatever uses it"),
        isProposed: z.boolean().describe("to be made inactive; keys in use are left for somebody to take over first"),
      }),
    ),
    consequences: z.array(z.string()),
    proposed: z
      .object({
        kind: z.literal("offboard_member"),
        arguments: z.object({
          user_id: z.string().optional(),
          withdraw_invites: z.array(z.string()),
          deactivate_keys: z.array(z.string()),
        }),
      })
      .nullable()
      .describe("as `planChange` takes it; null when there is nothing to do"),
  }),
  permission: "manage",
  effect: "read",
  fresh: true,
  audit: {
    event: "person.offboarding_looked_at",
    facts: ({ organizationId, person }) => ({
      organization_id: organizationId,
      person: person.personId,
      user_id: person.userId,
    }),
  },
  run: (context, input) => offboardingOf(context, input),
});
