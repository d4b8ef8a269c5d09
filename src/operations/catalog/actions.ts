import { actionsOf } from "../../metrics/index.ts";
import { actionsShape, codingInput } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const actions = defineOperation({
  id: "actions",
  title: "AI actions",
  summary: "Edit decisions accepted and rejected: by tool, by time, by population and by kind of terminal.",
  input: codingInput,
  output: actionsShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, { grain = "week", ...question }) =>
    askActivity(context, question, (activity) => actionsOf(activity, grain)),
});
