import type { z } from "zod";

import { licenceSummaryOf } from "../../metrics/index.ts";
import { licencesInput, licencesShape } from "../licence-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";
import { readLicenceTerms, seatsUsd } from "../licence-terms.ts";

export const licences = defineOperation({
  id: "licences",
  title: "Licences",
  summary: "How many could use Claude Code and do not: by state, how many could be taken back, and what that saves.",
  input: licencesInput,
  output: licencesShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, question) {
    const { store, scope } = context;
    const terms = await store.read((tx) => readLicenceTerms(tx, scope));
    const {
      hasSubscriptions,
      keysOfLeavers: _,
      ...summary
    } = await askActivity(context, question, (activity) => licenceSummaryOf(activity, terms));
    const { seatPriceUsd } = terms;
    return {
      ...summary,
      utilisationLabel: seatPriceUsd === null ? ("member adoption" as const) : ("seat utilisation" as const),
      saving: savingOf(summary.reclaimable, summary.reason ?? null, seatPriceUsd, hasSubscriptions),
    };
  },
});

type Saving = z.output<typeof licencesShape>["saving"];

function savingOf(
  reclaimable: number | null,
  reason: string | null,
  seatPriceUsd: string | null,
  hasSubscriptions: boolean,
): Saving {
  if (reclaimable === null) {
    const hidden = reason === "suppressed_for_privacy";
    return {
      perMonth: null,
      seatPriceUsd,
      reason: hidden ? "suppressed_for_privacy" : "not_collected_yet",
      note: hidden ? "Too few people to show figures of them." : "Nobody is listed who could use it.",
    };
  }
  if (seatPriceUsd !== null) {
    const note = "Reclaimable seats at the price of the settings; what a contract says may differ.";
    return { perMonth: seatsUsd(reclaimable, seatPriceUsd), seatPriceUsd, reason: null, note };
  }
  if (hasSubscriptions) {
    const note = "Some use is by subscription: set what a seat costs a month to see the saving.";
    return { perMonth: null, seatPriceUsd, reason: "seat_price_unknown", note };
  }
  const note = "The organization pays for use, not for seats: taking access back saves nothing and is hygiene.";
  return { perMonth: "0.00", seatPriceUsd, reason: "pay_as_you_go", note };
}
