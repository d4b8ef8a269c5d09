import { z } from "zod";

import { listRuns } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { runReport } from "../run-report.ts";

export const listRunsOperation = defineOperation({
  id: "listRuns",
  title: "List runs",
  summary: "The last syncs, the newest first: when, how they ended, what each stream brought.",
  input: z.object({ most: z.coerce.number().int().min(1).max(200).optional().describe("default 20") }),
  output: z.object({
    runs: z.array(
      z.object({
        runId: z.string(),
        startedAt: z.string(),
        endedAt: z.string(),
        durationMs: z.number(),
        outcome: z.string(),
        /** Null when an earlier version kept another shape. */
        report: runReport.nullable(),
      }),
    ),
  }),
  permission: "read",
  effect: "read",
  audit: "none: shows no figure and nobody's activity",
  fresh: true,
  run: ({ store, scope }, { most = 20 }) =>
    store.read(async (tx) => {
      const rows = await listRuns(tx, scope, most);
      return {
        runs: rows.map(({ runId, startedMs, endedMs, outcome, report }) => ({
          runId,
          startedAt: new Date(startedMs).toISOString(),
          endedAt: new Date(endedMs).toISOString(),
          durationMs: endedMs - startedMs,
          outcome,
          report: runReport.safeParse(report).data ?? null,
        })),
      };
    }),
});
