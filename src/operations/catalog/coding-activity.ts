import { codingActivityOf, readActivity } from "../../metrics/index.ts";
import { codingActivityShape, codingInput } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const codingActivity = defineOperation({
  id: "codingActivity",
  title: "Coding activity",
  summary: "Sessions, lines, commits and pull requests: in all, by person, by active day, by session and by terminal.",
  input: codingInput,
  output: codingActivityShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, { grain = "day", ...question }) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), (activity) => codingActivityOf(activity, grain));
  },
});
