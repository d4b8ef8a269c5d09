import { z } from "zod";

import { Failure, parseDay } from "../../domain/index.ts";
import { defineOperation } from "../define.ts";
import { syncOutput } from "../run-report.ts";
import { syncConnections } from "../sync-connections.ts";

export const backfill = defineOperation({
  id: "backfill",
  title: "Backfill",
  summary: "Reads the past from a day on, or all of it, newest first; later syncs keep holding it.",
  input: z.object({
    connection: z.string().optional(),
    streams: z.array(z.string()).readonly().optional(),
    /** `YYYY-MM-DD`, or `all`: as far back as each stream gives. */
    from: z.string(),
  }),
  output: syncOutput,
  permission: "sync",
  effect: "write",
  audit: "none: every run leaves a run leaf of its own",
  run: (context, input) => {
    const from = input.from === "all" ? "all" : parseDay(input.from, "from");
    if (from !== "all" && from * 86_400_000 > context.clock.now()) {
      throw new Failure("input.invalid", {
        field: "from",
        problem: `${input.from} has not come yet`,
        remedy: "Give a day of the past.",
      });
    }
    return syncConnections(context, input, from);
  },
});
