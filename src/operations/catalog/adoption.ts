import { adoptionOf } from "../../metrics/index.ts";
import { adoptionInput, adoptionShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const adoption = defineOperation({
  id: "adoption",
  title: "Adoption",
  summary: "Active people over those who could be: by denominator, by day and by team.",
  input: adoptionInput,
  output: adoptionShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, question) => askActivity(context, question, adoptionOf),
});
