import { z } from "zod";

import { LICENCE_STATES } from "../metrics/index.ts";
import { activityFrame, count, figure, personRow, reason } from "./activity-shapes.ts";
import { activeRule, denominator, filters } from "./filters.ts";

export const licenceState = z.enum(LICENCE_STATES);

export const licencesInput = z.object({
  denominator: filters.denominator,
  activeRule: filters.activeRule,
  where: filters.where,
  asOf: filters.asOf,
});

const licenceFrame = {
  day: z.string().nullable().describe("the last complete day: states are as of its end"),
  heldFrom: z.string().nullable(),
  activeRule,
  denominator: denominator,
  graceDays: z.int(),
  idleDays: z.int().describe("from this many days on, an inactive person is reclaimable"),
  completeThrough: z.string().nullable(),
  warnings: activityFrame.warnings,
} as const;

export const licencesShape = z.object({
  ...licenceFrame,
  eligible: count,
  reason: reason.optional(),
  states: z.array(z.object({ id: licenceState, people: count, reason: reason.optional() })).readonly(),
  protected: count.describe("on the list of exceptions, whatever their state"),
  reclaimable: count.describe("never active or inactive for idleDays, and not protected"),
  utilisation: figure.describe("active in the last 30 days over eligible"),
  utilisationLabel: z.enum(["seat utilisation", "member adoption"]),
  saving: z.object({
    perMonth: z.string().nullable().describe("dollars; null with a reason"),
    seatPriceUsd: z.string().nullable(),
    reason: z.enum(["pay_as_you_go", "seat_price_unknown", "not_collected_yet", "suppressed_for_privacy"]).nullable(),
    note: z.string(),
  }),
  teams: z
    .array(z.object({ team: z.string().nullable(), eligible: count, reclaimable: count, reason: reason.optional() }))
    .readonly(),
  hygiene: z.object({
    activeNotEligible: count.describe("active in the last 30 days and not eligible any more"),
    keysOfLeavers: count.describe("active API keys whose creator is no member any more"),
  }),
});

export const licencePeopleShape = z.object({
  ...licenceFrame,
  people: z
    .array(
      personRow.extend({
        state: licenceState,
        eligibleSince: z.string().nullable(),
        lastActive: z.string().nullable(),
        daysSince: z.int().nullable(),
        protected: z.object({ reason: z.string(), until: z.string().nullable() }).nullable(),
        reclaimable: z.boolean(),
        savingPerMonth: z.string().nullable(),
      }),
    )
    .readonly(),
  outside: z.array(personRow.extend({ lastActive: z.string() })).readonly(),
});
