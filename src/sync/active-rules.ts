import type { Table } from "../domain/index.ts";
import { claudeCodeActivity } from "../source/index.ts";

/** When an actor counts as active on a day: the sum of one of these column lists is above zero. */
export interface ActiveRules {
  readonly table: Table;
  readonly actor: string;
  /** Rule id to alternatives; an actor is active when any alternative's sum over the day's rows is positive. */
  readonly rules: Readonly<Record<string, readonly (readonly string[])[]>>;
}

const tokens = ["tokens"];
const output = [["actions_accepted"], ["commits"], ["pull_requests"]];

/** coding-tool metrics, section 2.1: `any` interaction, `token` use, `engaged` with a result. */
const claudeCode: ActiveRules = {
  table: claudeCodeActivity,
  actor: "actor",
  rules: {
    any: [
      ["sessions", "lines_added", "lines_removed", "commits", "pull_requests"],
      ["actions_accepted", "actions_rejected"],
      tokens,
    ],
    token: [tokens],
    engaged: output,
  },
};

/** The rules kept as bit sets for a table, or null when it says nothing about activity. */
export function activeRules(table: Table): ActiveRules | null {
  return table === claudeCode.table ? claudeCode : null;
}
