import { retentionOf, readActivity } from "../../metrics/index.ts";
import { retentionInput, retentionShape } from "../activity-shapes.ts";
import { defineOperation } from "../define.ts";
import { refuseStale } from "../stale-rows.ts";

export const retention = defineOperation({
  id: "retention",
  title: "Retention",
  summary: "Cohorts by first active week or month, and who is new, retained, resurrected or gone each week.",
  input: retentionInput,
  output: retentionShape,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization and of teams, never of single people",
  async run(context, { grain = "week", ...question }) {
    await refuseStale(context);
    const { store, scope, clock } = context;
    return readActivity(
      store,
      scope,
      question,
      clock.now(),
      (activity) => retentionOf(activity, grain),
      grain === "week" ? 84 : 366,
    );
  },
});
