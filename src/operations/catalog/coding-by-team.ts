import { z } from "zod";

import { codingByTeamOf, readActivity } from "../../metrics/index.ts";
import { activityFilters, codingByTeamShape } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const codingByTeam = defineOperation({
  id: "codingByTeam",
  title: "Coding activity by team",
  summary: "Sessions, lines, commits and pull requests of each team, with its active people.",
  input: z.object(activityFilters),
  output: codingByTeamShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, question) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), codingByTeamOf);
  },
});
