import { adoptionOf, readActivity } from "../../metrics/index.ts";
import { adoptionInput, adoptionShape } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const adoption = defineOperation({
  id: "adoption",
  title: "Adoption",
  summary: "Active people over those who could be: by denominator, by day and by team.",
  input: adoptionInput,
  output: adoptionShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, question) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), adoptionOf);
  },
});
