import { codingActivityOf } from "../../metrics/index.ts";
import { codingActivityShape, codingInput } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const codingActivity = defineOperation({
  id: "codingActivity",
  title: "Coding activity",
  summary: "Sessions, lines, commits and pull requests: in all, by person, by active day, by session and by terminal.",
  input: codingInput,
  output: codingActivityShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, { grain = "day", ...question }) =>
    askActivity(context, question, (activity) => codingActivityOf(activity, grain)),
});
