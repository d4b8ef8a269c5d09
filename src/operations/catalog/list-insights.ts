import { z } from "zod";

import { defineOperation } from "../define.ts";
import { conditions, costKind, day, filters as asked } from "../filters.ts";
import { withAsker } from "../money/asking.ts";
import { checks } from "../money/checks/index.ts";
import { commonRange } from "../money/common-range.ts";
import { insights, look } from "../money/findings.ts";
import { livesFrom } from "../money/anomaly-lives.ts";

export const listInsights = defineOperation({
  id: "listInsights",
  title: "List insights",
  summary: "What is worth a look, ranked by money, then people, each with its evidence; and which checks were made.",
  input: z.object({
    from: day.optional(),
    to: day.optional(),
    asOf: asked.asOf,
    where: conditions.optional(),
    kind: costKind.optional(),
  }),
  output: insights,
  permission: "read",
  effect: "read",
  past: "record",
  audit: "none: figures of the whole organization; people are counted, not named",
  run: (context, { from, to, ...filters }) =>
    withAsker(context, async (asker) => {
      const range = await commonRange(asker, [{ metric: "cost", from, to, ...filters }]);
      if (range === null) {
        const none = "Nothing could be looked at yet: no day of this range is held whole.";
        return { range: null, findings: [], none, checks: [], warnings: [] };
      }
      const found = await look({ asker, streams: context.streams, range, filters }, checks);
      const lives = await livesFrom(asker, range.from);
      return { ...found, findings: found.findings.map((one) => ({ ...one, life: lives.get(one.id) ?? null })) };
    }),
});
