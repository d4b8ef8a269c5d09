import { z } from "zod";

import type { Json } from "../domain/index.ts";
import type { Probe } from "../source/index.ts";
import { listConnections } from "../store/index.ts";
import type { OperationContext } from "./context.ts";

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

/** Which kinds of data the connections of a tenant give together: a flag holds when it holds for any with a key. */
export async function capabilitiesOf({ store, scope }: OperationContext): Promise<z.output<typeof flags>> {
  const connections = await store.read((tx) => listConnections(tx, scope));
  const kept = connections.filter(({ state }) => state === "active").map(({ capabilities }) => keptFlags(capabilities));
  const names = Object.keys(flags.shape) as (keyof z.output<typeof flags>)[];
  // The names are the schema's own, all of them.
  return Object.fromEntries(names.map((name) => [name, kept.some((one) => one[name] === true)])) as z.output<
    typeof flags
  >;
}

function keptFlags(capabilities: Json): Readonly<Record<string, unknown>> {
  const kept = z.looseObject({ flags: z.record(z.string(), z.unknown()) }).safeParse(capabilities);
  return kept.success ? kept.data.flags : {};
}
