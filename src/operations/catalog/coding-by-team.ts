import { z } from "zod";

import { codingByTeamOf } from "../../metrics/index.ts";
import { activityFilters, codingByTeamShape } from "../activity-shapes.ts";
import { askActivity } from "../ask-activity.ts";
import { defineOperation } from "../define.ts";

export const codingByTeam = defineOperation({
  id: "codingByTeam",
  title: "Coding activity by team",
  summary: "Sessions, lines, commits and pull requests of each team, with its active people.",
  input: z.object(activityFilters),
  output: codingByTeamShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  run: (context, question) => askActivity(context, question, codingByTeamOf),
});
