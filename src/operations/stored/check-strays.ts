import type { Findings } from "../../ledger/index.ts";
import { countStrayRows, type Tx } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";

/** Rows of organizations that nobody knows: no answer shows them, and no rebuild would find them. */
export async function strayRows(
  tx: Tx,
  { scope, streams }: Pick<OperationContext, "scope" | "streams">,
  findings: Findings,
): Promise<void> {
  const projections = streams
    .flatMap(({ tables }) => tables)
    .flatMap(({ name, rollups }) => [name, ...rollups.map((rollup) => rollup.name)]);
  for (const table of [...projections, "active_days", "coverage"]) {
    const count = await countStrayRows(tx, scope, table);
    if (count > 0) findings.add(`table ${table}`, `${count} rows are of an organization that nobody knows`);
  }
}
