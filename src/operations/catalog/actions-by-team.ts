import { z } from "zod";

import { actionsByTeamOf, readActivity } from "../../metrics/index.ts";
import { actionsByTeamShape, activityFilters } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const actionsByTeam = defineOperation({
  id: "actionsByTeam",
  title: "AI actions by team",
  summary: "Edit decisions and accept rate of each team.",
  input: z.object(activityFilters),
  output: actionsByTeamShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, question) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), actionsByTeamOf);
  },
});
