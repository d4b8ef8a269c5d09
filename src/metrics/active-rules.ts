import { claudeCodeActivityTable } from "../source/index.ts";
import type { ActiveDays } from "../store/index.ts";

/** When an actor counts as active on a day: any of the rule's columns, summed over the day's rows, is above 0. */
export const activeDayRules: ActiveDays = {
  table: claudeCodeActivityTable,
  actor: "actor",
  rules: {
    any: [
      "sessions",
      "lines_added",
      "lines_removed",
      "commits",
      "pull_requests",
      "actions_accepted",
      "actions_rejected",
      "tokens",
    ],
    token: ["tokens"],
    engaged: ["actions_accepted", "commits", "pull_requests"],
  },
};
