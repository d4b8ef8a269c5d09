import type { Table } from "../domain/index.ts";
import { claudeCodeActivityTable } from "../source/index.ts";
import type { ActiveDays } from "../store/index.ts";

/**
 * When an actor counts as active on a day: `any` interaction, `token` use, or `engaged` with a result.
 *
 * coding-tool metrics, section 2.1. Counts are never negative, so "their sum is above zero" is "one of them is".
 */
const claudeCode: ActiveDays = {
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

/** The rules kept as bit sets for a table, or null when it says nothing about activity. */
export function activeRules(table: Table): ActiveDays | null {
  return table === claudeCode.table ? claudeCode : null;
}
