import { intOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Table, WriteTx } from "./types.ts";

/** Names organizations in more tables than the projections, and no person. */
const KEPT = "organization";

/**
 * Forgets the interned texts that no row of these tables, which are all there are, uses any more. Their codes are
 * never given again.
 */
export async function forgetUnusedDims(tx: WriteTx, scope: Scope, tables: readonly Table[]): Promise<void> {
  const session = sessionOf(tx);
  const { tenantId } = scope;
  for (const [dim, columns] of dimColumns(tables)) {
    if (dim === KEPT) continue;
    const used = new Set<number>();
    for (const [table, column] of columns) {
      const rows = await session.all(`select distinct ${column} as code from ${table} where tenant_id = ?`, [tenantId]);
      for (const row of rows) used.add(intOf(row, "code"));
    }
    const known = await session.all("select code from dims where tenant_id = ? and dim = ?", [tenantId, dim]);
    const unused = known.map((row) => intOf(row, "code")).filter((code) => !used.has(code));
    await session.deleteRows(
      "dims",
      DIM_KEY,
      unused.map((code) => [tenantId, dim, code]),
    );
  }
  await session.forgetDims(tenantId);
}

/** After an erasure: forgets the interned texts that stand for nothing any more. The rows must be built. */
export async function forgetErasedDims(tx: WriteTx, scope: Scope, tables: readonly Table[]): Promise<void> {
  const session = sessionOf(tx);
  const left = await session.first("select 1 from record_versions where tenant_id = ? limit 1", [scope.tenantId]);
  return left === undefined ? forgetAllDims(tx, scope) : forgetUnusedDims(tx, scope, tables);
}

/** Forgets all interned texts of a tenant that has no record left. */
export async function forgetAllDims(tx: WriteTx, scope: Scope): Promise<void> {
  const session = sessionOf(tx);
  await session.run("delete from dims where tenant_id = ?", [scope.tenantId]);
  await session.forgetDims(scope.tenantId);
}

/** Where each dim is used: in projections, and in those roll-ups that have the column too. */
function dimColumns(tables: readonly Table[]): Map<string, [table: string, column: string][]> {
  const found = new Map<string, [string, string][]>();
  for (const table of tables) {
    for (const [name, column] of Object.entries(table.columns)) {
      if (column.kind !== "dim") continue;
      const rollups = table.rollups.filter(({ by }) => by.includes(name)).map((rollup) => rollup.name);
      const places = found.get(column.dim) ?? [];
      found.set(column.dim, places);
      for (const place of [table.name, ...rollups]) places.push([place, name]);
    }
  }
  return found;
}

const DIM_KEY = [
  { name: "tenant_id", type: "int" },
  { name: "dim", type: "text" },
  { name: "code", type: "int" },
] as const;
