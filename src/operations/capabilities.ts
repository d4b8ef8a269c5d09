import { z } from "zod";

import type { Json } from "../domain/index.ts";
import type { Probe } from "../source/index.ts";

const flags = z.object({
  admin_api: z.boolean(),
  code_analytics: z.boolean(),
  activity_feed: z.boolean(),
  content_capture: z.boolean(),
  mcp_connector: z.boolean(),
  enterprise_analytics: z.boolean(),
  usage_cost_analytics: z.boolean(),
});

/** The capability checklist: what a key can read, what not, and why. */
export const checklist = z.object({
  streams: z.array(
    z.object({
      stream: z.string(),
      title: z.string(),
      outcome: z.enum(["reachable", "refused", "not_available", "failed"]),
      reason: z.string().nullable(),
      requestId: z.string().nullable(),
    }),
  ),
  capabilities: flags,
  /** Why each false flag is false. */
  reasons: z.partialRecord(flags.keyof(), z.string()),
});

export type Checklist = z.output<typeof checklist>;

export function checklistOf(probe: Probe): Checklist {
  return {
    streams: probe.lines.map((line) => ({ ...line })),
    capabilities: { ...probe.capabilities },
    reasons: { ...probe.reasons },
  };
}

/** As it is kept with the connection. */
export function keptChecklist(probe: Probe): Json {
  const lines = probe.lines.map(({ stream, outcome, reason }) => ({ stream, outcome, reason }));
  return {
    flags: { ...probe.capabilities },
    reasons: { ...probe.reasons },
    lines,
    probed_at: new Date(probe.probedAt).toISOString(),
  };
}
