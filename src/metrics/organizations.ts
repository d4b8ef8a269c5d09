import { sql } from "kysely";

import { streams } from "../source/index.ts";
import { dimValues, listConnections } from "../store/index.ts";
import type { Scope, Tx } from "../store/index.ts";
import type { Resolved } from "./resolve.ts";
import type { AnswerWarning } from "./types.ts";

/** An Anthropic organization of which days are held. */
export interface Organization {
  readonly id: string;
  readonly code: number;
}

export interface Organizations {
  readonly organizations: readonly Organization[];
  readonly warnings: readonly AnswerWarning[];
}

/**
 * Organizations of which any day of a report is held; only they can have gaps.
 *
 * One that is connected and was never read would make every day of the others incomplete, so it is left out and named.
 * One that was disconnected before it was read, or purged since, has nothing that could be missing.
 */
export async function organizationsOf(tx: Tx, scope: Scope, resolved: Resolved): Promise<Organizations> {
  const asked = resolved.where.find((filter) => filter.dimension.id === "organization")?.values;
  const isAsked = (id: string) => !asked || asked.has(id);
  const covered = await coveredCodes(tx, scope);
  const organizations: Organization[] = [];
  for (const [code, id] of await dimValues(tx, scope, "organization")) {
    if (isAsked(id) && (covered.has(code) || (await hasReportRows(tx, scope, code)))) organizations.push({ id, code });
  }
  const held = new Set(organizations.map(({ id }) => id));
  const connected = (await listConnections(tx, scope)).filter(({ state }) => state !== "disconnected");
  const pending = new Set(connected.map(({ organizationId }) => organizationId).filter((id) => !held.has(id)));
  return { organizations, warnings: [...pending].filter(isAsked).map(pendingWarning) };
}

function pendingWarning(id: string): AnswerWarning {
  const message = `${id} has not been synced yet; its figures are not in here.`;
  return { code: "organization_pending", message };
}

/** Lists of members, keys or workspaces have no days: they do not count. */
const REPORTS = streams.filter((stream) => stream.shape.kind === "report");
const REPORT_NAMES = REPORTS.map((stream) => stream.name);
const REPORT_TABLES = REPORTS.flatMap((stream) => stream.tables.map((table) => table.name));

async function coveredCodes(tx: Tx, scope: Scope): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ code: bigint }>`
    select distinct organization_id as code
    from coverage
    where tenant_id = ${scope.tenantId} and stream in (${sql.join(REPORT_NAMES)})
  `.execute(tx.db);
  return new Set(rows.map(({ code }) => Number(code)));
}

async function hasReportRows(tx: Tx, scope: Scope, code: number): Promise<boolean> {
  for (const table of REPORT_TABLES) {
    const { rows } = await sql`
      select 1 from ${sql.table(table)} where tenant_id = ${scope.tenantId} and organization_id = ${code} limit 1
    `.execute(tx.db);
    if (rows.length > 0) return true;
  }
  return false;
}
