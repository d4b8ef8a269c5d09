import { z } from "zod";

import { dayText } from "../../domain/index.ts";
import { listConnections } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const listConnectionsOperation = defineOperation({
  id: "listConnections",
  title: "List connections",
  summary: "The connections of the tenant: whose keys are kept, how they are marked, never the keys.",
  input: z.object({}),
  output: z.object({
    connections: z.array(
      z.object({
        connection: z.string(),
        kind: z.enum(["admin", "scoped", "personal"]),
        organizationId: z.string(),
        organizationName: z.string(),
        upstream: z.string(),
        state: z.enum(["active", "invalid", "disconnected"]),
        /** Of the sealed key; null when it was destroyed. */
        fingerprint: z.string().nullable(),
        last4: z.string().nullable(),
        /** First day to hold; null: as far back as each stream gives. */
        backfillFrom: z.string().nullable(),
        createdAt: z.string(),
        rotatedAt: z.string().nullable(),
        lastUsedAt: z.string().nullable(),
      }),
    ),
  }),
  permission: "read",
  effect: "read",
  audit: "none: marks of keys, no key and no figure",
  run: async ({ store, scope }) => {
    const rows = await store.read((tx) => listConnections(tx, scope));
    const connections = rows.map((row) => ({
      connection: row.name,
      kind: row.kind,
      organizationId: row.organizationId,
      organizationName: row.organizationName,
      upstream: row.upstream,
      state: row.state,
      fingerprint: row.fingerprint,
      last4: row.last4,
      backfillFrom: row.backfillFrom === null ? null : dayText(row.backfillFrom),
      createdAt: new Date(row.createdAt).toISOString(),
      rotatedAt: instant(row.rotatedAt),
      lastUsedAt: instant(row.lastUsedAt),
    }));
    return { connections };
  },
});

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
