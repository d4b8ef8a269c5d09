import { z } from "zod";

import { offboardingOf } from "../changes/offboarding.ts";
import { offboarding } from "../changes/shapes.ts";
import { defineOperation } from "../define.ts";

export const offboardPlan = defineOperation({
  id: "offboardPlan",
  title: "Off-boarding",
  summary: "What somebody has at Anthropic, what would break without it, and the changes that end it, in order.",
  input: z.object({
    person: z.string().min(1).max(320).describe("e-mail, id of the roster (p_…), or id at Anthropic (user_…)"),
    organization: z.string().max(200).optional().describe("id, name or connection; needed where there are several"),
  }),
  output: offboarding,
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
