import { z } from "zod";

import { listRuns } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

const stream = z.object({
  stream: z.string(),
  state: z.enum(["ok", "partial", "refused", "not_available", "failed"]),
  windows: z.int(),
  pages: z.int(),
  rows: z.int(),
  new: z.int(),
  changed: z.int(),
  gone: z.int(),
  conflicted: z.int(),
  warnings: z.array(z.string()),
});

/** A run as its ledger leaf and its row keep it. */
const kept = z.object({
  connection: z.string(),
  organization_id: z.string(),
  warnings: z.array(z.string()),
  streams: z.array(
    stream.extend({
      error: z.object({ code: z.string(), request_id: z.string().nullable() }).nullable(),
      not_covered: z.array(z.string()),
    }),
  ),
});

const report = z.object({
  connection: z.string(),
  organizationId: z.string(),
  warnings: z.array(z.string()),
  streams: z.array(
    stream.extend({
      /** What stopped it, by its code: the words of the moment are not kept. */
      failure: z.object({ code: z.string(), requestId: z.string().nullable() }).nullable(),
      notCovered: z.array(z.string()),
    }),
  ),
});

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
        report: report.nullable(),
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
        runs: rows.map(({ runId, startedMs, endedMs, outcome, report: said }) => ({
          runId,
          startedAt: new Date(startedMs).toISOString(),
          endedAt: new Date(endedMs).toISOString(),
          durationMs: endedMs - startedMs,
          outcome,
          report: shown(kept.safeParse(said).data),
        })),
      };
    }),
});

function shown(run: z.output<typeof kept> | undefined): z.output<typeof report> | null {
  if (run === undefined) return null;
  const { connection, organization_id: organizationId, warnings } = run;
  const streams = run.streams.map(({ error, not_covered: notCovered, ...rest }) => ({
    ...rest,
    failure: error && { code: error.code, requestId: error.request_id },
    notCovered,
  }));
  return { connection, organizationId, warnings, streams };
}
