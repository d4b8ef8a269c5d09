import { sql } from "kysely";

import type { Random, Scope } from "../domain/index.ts";
import { canonicalJson, leafBytes, leafHash, sealPayloads } from "../ledger/index.ts";
import {
  appendLeaves,
  deleteChangesOf,
  findCode,
  forgetErasedDims,
  logState,
  wipeDeleted,
  type NewLeaf,
  type WriteTx,
} from "../store/index.ts";
import type { OperationContext } from "./context.ts";

/** Indexes in the payload of one `erase` leaf. */
const LEAVES_A_LEAF = 10_000;

/**
 * Erases everything that was read of one organization: rows, records, coverage, plans of changes, the content of its
 * leaves, and the texts that nothing else uses. The ledger keeps its leaves and proofs, and says with `erase` leaves what
 * is gone, so that it still verifies.
 *
 * In the transaction of the tenant's only writer. A checkpoint must be published afterwards: under an older tree the
 * content would seem to be lost. Backups lose it by their age.
 *
 * @returns how many records' versions were erased.
 */
export async function purgeOrganization(
  tx: WriteTx,
  context: OperationContext,
  organizationId: string,
): Promise<number> {
  const { scope, clock, random } = context;
  const organization = await findCode(tx, scope, "organization", organizationId);
  if (organization === null) return 0;
  await wipeDeleted(tx);
  const erased = await eraseLeaves(tx, scope, { organization, organizationId }, { nowMs: clock.now(), random });
  await deleteRows(tx, scope, organization, context);
  // Plans hold addresses and names of its members and keys.
  await deleteChangesOf(tx, scope, organizationId);
  return erased;
}

async function eraseLeaves(
  tx: WriteTx,
  scope: Scope,
  { organization, organizationId }: { organization: number; organizationId: string },
  { nowMs, random }: { nowMs: number; random: Random },
): Promise<number> {
  const found = await sql<{ leaf_index: bigint }>`
    select leaf_index
    from record_versions
    where tenant_id = ${scope.tenantId} and organization_id = ${organization}
    order by leaf_index
  `.execute(tx.db);
  const indexes = found.rows.map((row) => Number(row.leaf_index));
  const state = await logState(tx, scope);
  if (indexes.length === 0 || state === null) return 0;
  const at = new Date(Math.max(nowMs, state.lastAtMs));
  const chunks = Array.from({ length: Math.ceil(indexes.length / LEAVES_A_LEAF) }, (_, i) =>
    indexes.slice(i * LEAVES_A_LEAF, (i + 1) * LEAVES_A_LEAF),
  );
  const payloads = chunks.map((leaves) =>
    canonicalJson({ by: scope.principal, leaves, organization_id: organizationId, reason: "organization purged" }),
  );
  const seals = sealPayloads(payloads, (size) => random.bytes(size));
  const leaves = payloads.map((payload, i): NewLeaf => {
    const { commitment, salt } = seals[i]!;
    const id = random.bytes(16).toString("hex");
    const leaf = leafBytes({ at: at.toISOString(), c: commitment, id, prev: null, s: "app", t: "erase", v: 1, ver: 1 });
    return { index: state.size + i, leaf, leafHash: leafHash(leaf), salt, payload };
  });
  await appendLeaves(tx, scope, leaves, at.getTime());
  for (const [i, chunk] of chunks.entries()) {
    await sql`
      update leaves
      set salt = null, payload = null, erased_by = ${state.size + i}
      where tenant_id = ${scope.tenantId} and leaf_index >= ${chunk[0]} and leaf_index <= ${chunk.at(-1)}
        and leaf_index in (
          select leaf_index
          from record_versions
          where tenant_id = ${scope.tenantId} and organization_id = ${organization}
        )
    `.execute(tx.db);
  }
  return indexes.length;
}

async function deleteRows(
  tx: WriteTx,
  scope: Scope,
  organization: number,
  { streams }: OperationContext,
): Promise<void> {
  const tables = streams.flatMap((stream) => stream.tables);
  const names = [
    ...tables.flatMap(({ name, rollups }) => [name, ...rollups.map((rollup) => rollup.name)]),
    "record_versions",
    "active_days",
    "coverage",
    "stream_states",
  ];
  for (const name of names) {
    await sql`
      delete from ${sql.table(name)}
      where tenant_id = ${scope.tenantId} and organization_id = ${organization}
    `.execute(tx.db);
  }
  // Rebuilding tables that wait for it interns what they need again.
  await forgetErasedDims(tx, scope, tables);
}
