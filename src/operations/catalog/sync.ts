import { z } from "zod";

import { defineOperation } from "../define.ts";
import { watchAfterSync } from "../money/watch-after-sync.ts";
import { aged, ageAfterSync } from "../retention/age-after-sync.ts";
import { syncOutput } from "../run-report.ts";
import { syncConnections } from "../sync-connections.ts";

export const sync = defineOperation({
  id: "sync",
  title: "Sync",
  summary: "Reads what the source has anew, and what it may still restate.",
  input: z.object({
    connection: z.string().optional(),
    streams: z.array(z.string()).readonly().optional(),
  }),
  output: syncOutput.extend({ retention: aged.nullable().describe("what became too old to name people, if anything") }),
  permission: "sync",
  effect: "write",
  audit: "none: every run leaves a run leaf of its own",
  run: async (context, input) => {
    const done = await syncConnections(context, input);
    const retention = await ageAfterSync(context);
    await watchAfterSync(context);
    return { ...done, retention };
  },
});
