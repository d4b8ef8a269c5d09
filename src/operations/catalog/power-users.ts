import { powerUsersOf } from "../../metrics/index.ts";
import { powerUsersInput, powerUsersShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const powerUsers = defineOperation({
  id: "powerUsers",
  title: "Power users",
  summary: "People ranked by what they did, in quarters, with the share of each quarter.",
  input: powerUsersInput,
  output: powerUsersShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, { measure = "tokens", ...question }) =>
    askActivity(context, question, (activity) => powerUsersOf(activity, measure)),
});
