import { actionsOf, readActivity } from "../../metrics/index.ts";
import { actionsShape, codingInput } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const actions = defineOperation({
  id: "actions",
  title: "AI actions",
  summary: "Edit decisions accepted and rejected: by tool, by time, by population and by kind of terminal.",
  input: codingInput,
  output: actionsShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, { grain = "week", ...question }) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(store, scope, question, clock.now(), (activity) => actionsOf(activity, grain));
  },
});
