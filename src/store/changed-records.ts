import { intOf } from "./decode.ts";
import { dimValues, findCode } from "./dims.ts";
import { ORGANIZATION, STREAM, storedVersion, VERSION_AND_PAYLOAD } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { DayNumber, Scope, StoredVersion, Tx } from "./types.ts";

export interface ChangedQuery {
  readonly stream: string;
  /** Half-open span of days. */
  readonly from: DayNumber;
  readonly to: DayNumber;
  /** Records count that got a version at this instant or later. */
  readonly sinceMs: number;
}

/**
 * All versions, with payloads, of the records of these days that got a version since an instant, record by record and
 * in order. Only of days of which something was known before: what is first read later restates nothing.
 */
export async function* changedRecords(tx: Tx, scope: Scope, query: ChangedQuery): AsyncGenerator<StoredVersion> {
  const stream = await findCode(tx, scope, STREAM, query.stream);
  if (stream === null) return;
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  const { tenantId } = scope;
  const { from, to, sinceMs } = query;
  const rows = sessionOf(tx).iterate(
    `select ${VERSION_AND_PAYLOAD}
     from record_versions v
     join leaves l on l.tenant_id = v.tenant_id and l.leaf_index = v.leaf_index
     join (
       select distinct organization_id, day, nk_hash
       from record_versions
       where tenant_id = ? and stream = ? and day >= ? and day < ? and at_ms >= ?
     ) c on c.organization_id = v.organization_id and c.day = v.day and c.nk_hash = v.nk_hash
     join (
       select distinct organization_id, day
       from record_versions
       where tenant_id = ? and stream = ? and day >= ? and day < ? and at_ms < ?
     ) k on k.organization_id = v.organization_id and k.day = v.day
     where v.tenant_id = ? and v.stream = ?
     order by v.organization_id, v.day, v.nk_hash, v.ver`,
    [tenantId, stream, from, to, sinceMs, tenantId, stream, from, to, sinceMs, tenantId, stream],
  );
  for await (const row of rows) {
    yield storedVersion(row, query.stream, organizations.get(intOf(row, "organization_id"))!);
  }
}
