import { activeUsersOf, readActivity } from "../../metrics/index.ts";
import { activeUsersInput, activeUsersShape } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const activeUsers = defineOperation({
  id: "activeUsers",
  title: "Active users",
  summary: "Daily, weekly and monthly active people, stickiness, how often they come, and a calendar.",
  input: activeUsersInput,
  output: activeUsersShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, question) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), activeUsersOf);
  },
});
