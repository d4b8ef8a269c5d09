import { dayRuns, intOf, intOrNull, oneOf } from "./decode.ts";
import { codeOf, findCode } from "./dims.ts";
import { ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { CoverageRow, DayNumber, Scope, Tx, WriteTx } from "./types.ts";

/** The days that have been read of one stream, ascending; of these days only, or all. */
export async function coverageOf(
  tx: Tx,
  scope: Scope,
  organizationId: string,
  stream: string,
  days?: Iterable<DayNumber>,
): Promise<CoverageRow[]> {
  const organization = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (organization === null) return [];
  const found: CoverageRow[] = [];
  for (const { from, to } of days === undefined ? [{ from: 0, to: Number.MAX_SAFE_INTEGER }] : dayRuns(days)) {
    const rows = await sessionOf(tx).all(
      `select day, state, read_at_ms, revised, refreshed_at_ms
       from coverage
       where tenant_id = ? and organization_id = ? and stream = ? and day >= ? and day < ?
       order by day`,
      [scope.tenantId, organization, stream, from, to],
    );
    for (const row of rows) {
      found.push({
        day: intOf(row, "day"),
        state: oneOf(row, "state", ["complete", "partial"]),
        readAtMs: intOf(row, "read_at_ms"),
        revised: intOf(row, "revised"),
        refreshedAtMs: intOrNull(row, "refreshed_at_ms"),
      });
    }
  }
  return found;
}

/** Upstream's clock when anything was read last, of whatever organization, ms; null before the first reading. */
export async function lastReadMs(tx: Tx, scope: Scope): Promise<number | null> {
  const row = await sessionOf(tx).first("select max(read_at_ms) as last from coverage where tenant_id = ?", [
    scope.tenantId,
  ]);
  return intOrNull(row!, "last");
}

/** Sets the state of these days; the others keep theirs. */
export async function setCoverage(
  tx: WriteTx,
  scope: Scope,
  organizationId: string,
  stream: string,
  rows: readonly CoverageRow[],
): Promise<void> {
  const organization = await codeOf(tx, scope, ORGANIZATION, organizationId);
  const values = rows.map((row) => [
    scope.tenantId,
    organization,
    stream,
    row.day,
    row.state,
    row.readAtMs,
    row.revised,
    row.refreshedAtMs,
  ]);
  await sessionOf(tx).insertRows(
    "coverage",
    COLUMNS,
    values,
    `on conflict (tenant_id, organization_id, stream, day) do update
     set state = excluded.state, read_at_ms = excluded.read_at_ms, revised = excluded.revised,
       refreshed_at_ms = excluded.refreshed_at_ms`,
  );
}

/** Forgets what was read of an organization. */
export async function forgetCoverage(tx: WriteTx, scope: Scope, organizationId: string): Promise<void> {
  const organization = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (organization === null) return;
  const sql = "delete from coverage where tenant_id = ? and organization_id = ?";
  await sessionOf(tx).run(sql, [scope.tenantId, organization]);
}

const COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "organization_id", type: "int" },
  { name: "stream", type: "text" },
  { name: "day", type: "int" },
  { name: "state", type: "text" },
  { name: "read_at_ms", type: "int" },
  { name: "revised", type: "int" },
  { name: "refreshed_at_ms", type: "int" },
] as const;
