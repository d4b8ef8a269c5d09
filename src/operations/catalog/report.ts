import { z } from "zod";

import { ask, type Answer } from "../../metrics/index.ts";
import { answer } from "../answer.ts";
import { defineOperation } from "../define.ts";
import { filters, grain } from "../filters.ts";
import { inOneSnapshot } from "../one-snapshot.ts";
import { refuseStale } from "../stale-rows.ts";
import { withTenantDefaults } from "../tenant-defaults.ts";
import { readSettings } from "../tenant-settings.ts";

export const report = defineOperation({
  id: "report",
  title: "Report",
  summary: "One metric over a range of days, split and filtered, with how far it is complete.",
  input: z.object({
    metric: z.string(),
    ...filters,
    grain: grain.optional(),
    by: z.array(z.string()).readonly().optional(),
    source: z.enum(["messages", "claude_code", "analytics", "cost_report"]).optional(),
  }),
  // The same shape; of rows the schema can say less than the type, which knows which member is of which kind.
  output: answer as unknown as z.ZodType<Answer>,
  permission: "read",
  effect: "read",
  audit: "none: figures of the whole organization; looks at single people are recorded by the surfaces that show them",
  async run(context, question) {
    const { store, scope, clock } = context;
    await refuseStale(context);
    return inOneSnapshot(store, async (frozen) => {
      const settings = await frozen.read((tx) => readSettings(tx, scope));
      return ask(frozen, scope, withTenantDefaults(question, settings), clock.now());
    });
  },
});
