import { z } from "zod";

import type { Json } from "../domain/index.ts";
import type { Probe } from "../source/index.ts";
import { listConnections, type ConnectionRow } from "../store/index.ts";
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
  // The MCP server is our own: it answers without any connection.
  const has = (name: string) => name === "mcp_connector" || kept.some((one) => one[name] === true);
  // The names are the schema's own, all of them.
  return Object.fromEntries(names.map((name) => [name, has(name)])) as z.output<typeof flags>;
}

/** What one connection can read, and why not the rest, as it was last looked at. */
export interface ConnectionCapabilities {
  readonly connection: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly state: ConnectionRow["state"];
  readonly probedAt: string | null;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Why each false flag is false. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Streams that are not reachable, each with its outcome. */
  readonly unreachable: readonly { readonly stream: string; readonly outcome: string }[];
}

/** The checklists of the tenant's connections, as each was kept when it was last probed. */
export async function connectionCapabilities({
  store,
  scope,
}: Pick<OperationContext, "store" | "scope">): Promise<readonly ConnectionCapabilities[]> {
  const connections = await store.read((tx) => listConnections(tx, scope));
  return connections.map((row) => {
    const kept = keptShape.safeParse(row.capabilities);
    const { flags: found = {}, reasons = {}, lines = [], probed_at: probedAt = null } = kept.success ? kept.data : {};
    return {
      connection: row.name,
      organizationId: row.organizationId,
      organizationName: row.organizationName,
      state: row.state,
      probedAt,
      capabilities: found,
      reasons,
      unreachable: lines
        .filter(({ outcome }) => outcome !== "reachable")
        .map(({ stream, outcome }) => ({ stream, outcome })),
    };
  });
}

/** As `keptChecklist` writes it; a connection that was never probed has none of it. */
const keptShape = z.looseObject({
  flags: z.record(z.string(), z.unknown()).optional(),
  reasons: z.record(z.string(), z.string()).optional(),
  lines: z.array(z.looseObject({ stream: z.string(), outcome: z.string() })).optional(),
  probed_at: z.string().optional(),
});

function keptFlags(capabilities: Json): Readonly<Record<string, unknown>> {
  const kept = z.looseObject({ flags: z.record(z.string(), z.unknown()) }).safeParse(capabilities);
  return kept.success ? kept.data.flags : {};
}
