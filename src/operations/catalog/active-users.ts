import { activeUsersOf } from "../../metrics/index.ts";
import { activeUsersInput, activeUsersShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const activeUsers = defineOperation({
  id: "activeUsers",
  title: "Active users",
  summary: "Daily, weekly and monthly active people, stickiness, how often they come, and a calendar.",
  input: activeUsersInput,
  output: activeUsersShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, question) => askActivity(context, question, activeUsersOf),
});
