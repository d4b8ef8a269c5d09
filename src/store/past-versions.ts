import { appendVersions } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { Scope, StoredVersion, WriteTx } from "./types.ts";

/**
 * Puts versions of one stream and organization, with their payloads, into a store that has no log of its own: nothing
 * can be proved there, and everything can be read.
 */
export async function keepPastVersions(
  tx: WriteTx,
  scope: Scope,
  stream: string,
  organizationId: string,
  versions: readonly StoredVersion[],
): Promise<void> {
  await appendVersions(tx, scope, stream, organizationId, versions);
  const rows = versions.map(({ leafIndex, payload }) => [scope.tenantId, leafIndex, NOTHING, NOTHING, payload]);
  await sessionOf(tx).insertRows("leaves", LEAF_COLUMNS, rows);
}

const NOTHING = Buffer.alloc(0);

const LEAF_COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "leaf_index", type: "int" },
  { name: "leaf", type: "blob" },
  { name: "leaf_hash", type: "blob" },
  { name: "payload", type: "text" },
] as const;
