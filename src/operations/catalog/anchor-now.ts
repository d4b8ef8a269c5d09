import { z } from "zod";

import { ANCHOR_KINDS, ANCHOR_STATES } from "../../store/index.ts";
import { anchorTenant } from "../anchoring/round.ts";
import { anchorSays, serviceName } from "../anchoring/words.ts";
import { defineOperation } from "../define.ts";

export const anchorNow = defineOperation({
  id: "anchorNow",
  title: "Anchor the ledger now",
  summary: "Signs the ledger as it is and hands that checkpoint to every configured witness, time stamp and auditor.",
  input: z.object({
    onlyDue: z.boolean().default(false).describe("hand over what the schedule has due, and sign nothing before"),
  }),
  output: z.object({
    /** Empty when no service is configured. */
    outcomes: z.array(
      z.object({
        kind: z.enum(ANCHOR_KINDS),
        service: z.string(),
        size: z.int(),
        state: z.enum(ANCHOR_STATES),
        says: z.string(),
        problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
      }),
    ),
  }),
  permission: "sync",
  effect: "write",
  audit: "none: what each service gives becomes an anchor leaf of its own",
  run: async (context, { onlyDue }) => {
    const outcomes = await anchorTenant(context, { isAsked: !onlyDue });
    return {
      outcomes: outcomes.map(({ row, problem }) => ({
        kind: row.kind,
        service: serviceName(row),
        size: row.size,
        state: row.state,
        says: anchorSays(row),
        problem: problem && { code: problem.code, message: problem.message, hint: problem.hint },
      })),
    };
  },
});
