import { z } from "zod";

/** What a run did, as every surface shows it. */
export const runReport = z.object({
  runId: z.string(),
  connection: z.string(),
  organizationId: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  outcome: z.enum(["complete", "partial", "credential", "cancelled"]),
  streams: z.array(
    z.object({
      stream: z.string(),
      state: z.enum(["ok", "partial", "refused", "not_available", "failed"]),
      windows: z.int(),
      windowsIncomplete: z.int(),
      pages: z.int(),
      rows: z.int(),
      new: z.int(),
      changed: z.int(),
      gone: z.int(),
      conflicted: z.int(),
      failure: z
        .object({ code: z.string(), message: z.string(), hint: z.string(), requestId: z.string().nullable() })
        .nullable(),
      notCovered: z.array(z.string()).readonly(),
      warnings: z.array(z.string()).readonly(),
    }),
  ),
  warnings: z.array(z.string()).readonly(),
  checkpointSize: z.int().nullable(),
});

export const syncOutput = z.object({
  /** The worst of the runs' outcomes. */
  outcome: z.enum(["complete", "partial", "credential", "cancelled"]),
  runs: z.array(runReport),
});
