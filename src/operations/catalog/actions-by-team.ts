import { z } from "zod";

import { actionsByTeamOf } from "../../metrics/index.ts";
import { actionsByTeamShape, activityFilters } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const actionsByTeam = defineOperation({
  id: "actionsByTeam",
  title: "AI actions by team",
  summary: "Edit decisions and accept rate of each team.",
  input: z.object(activityFilters),
  output: actionsByTeamShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, question) => askActivity(context, question, actionsByTeamOf),
});
