import { retentionOf } from "../../metrics/index.ts";
import { retentionInput, retentionShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const retention = defineOperation({
  id: "retention",
  title: "Retention",
  summary: "Cohorts by first active week or month, and who is new, retained, resurrected or gone each week.",
  input: retentionInput,
  output: retentionShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, { grain = "week", ...question }) =>
    askActivity(context, question, (activity) => retentionOf(activity, grain), grain === "week" ? 84 : 366),
});
