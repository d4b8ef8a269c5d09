import type { SqlValue } from "./connection.ts";
import { intOf, oneOf, textOf } from "./decode.ts";
import { dimValues, findCode } from "./dims.ts";
import { STREAM, ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { DayNumber, NewVersion, Scope, Tx } from "./types.ts";

export interface RecordSearch {
  readonly stream?: string | undefined;
  /** Part of the natural key, in any case of letters. */
  readonly text?: string | undefined;
  readonly day?: DayNumber | undefined;
  /** Only versions whose leaf stands before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export type FoundVersion = Pick<NewVersion, "nk" | "day" | "ver" | "leafIndex" | "state" | "atMs"> & {
  readonly stream: string;
  readonly organizationId: string;
  readonly isCurrent: boolean;
};

/** Versions of records, the latest recorded first. Reads what it searches; only names a few. */
export async function searchRecords(tx: Tx, scope: Scope, search: RecordSearch): Promise<FoundVersion[]> {
  const conditions = ["tenant_id = ?"];
  const params: SqlValue[] = [scope.tenantId];
  const streams = await dimValues(tx, scope, STREAM);
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  const where = (condition: string, value: SqlValue) => {
    conditions.push(condition);
    params.push(value);
  };
  if (streams.size === 0 || organizations.size === 0) return [];
  if (search.stream !== undefined) {
    const stream = await findCode(tx, scope, STREAM, search.stream);
    if (stream === null) return [];
    where("stream = ?", stream);
  }
  if (search.day !== undefined) {
    // The key goes on with organization and day: where both are named, a day of months is a few pages of it.
    if (search.stream === undefined) conditions.push(`stream in (${[...streams.keys()].join(",")})`);
    conditions.push(`organization_id in (${[...organizations.keys()].join(",")})`);
    where("day = ?", search.day);
  }
  if (search.before !== undefined) where("leaf_index < ?", search.before);
  if (search.text !== undefined && search.text !== "") where(`lower(nk) like ? escape '!'`, likeOf(search.text));
  const rows = await sessionOf(tx).all(
    `select v.nk, v.day, v.ver, v.leaf_index, v.state, v.at_ms, v.stream, v.organization_id,
       (select max(w.ver)
        from record_versions w
        where w.tenant_id = v.tenant_id and w.stream = v.stream and w.organization_id = v.organization_id
          and w.day = v.day and w.nk_hash = v.nk_hash) as last_ver
     from (
       select *
       from record_versions
       where ${conditions.join(" and ")}
       order by leaf_index desc
       limit ?
     ) v
     order by v.leaf_index desc`,
    [...params, search.limit],
  );
  return rows.map((row) => {
    const day = intOf(row, "day");
    const ver = intOf(row, "ver");
    return {
      nk: textOf(row, "nk"),
      day: day < 0 ? null : day,
      ver,
      leafIndex: intOf(row, "leaf_index"),
      state: oneOf(row, "state", ["rec", "gone"]),
      atMs: intOf(row, "at_ms"),
      stream: streams.get(intOf(row, "stream"))!,
      organizationId: organizations.get(intOf(row, "organization_id"))!,
      isCurrent: ver === intOf(row, "last_ver"),
    };
  });
}

/** A natural key is canonical JSON: what is looked for is spelled as it stands there. */
function likeOf(text: string): string {
  const spelled = JSON.stringify(text.toLowerCase()).slice(1, -1);
  return `%${spelled.replaceAll(/[!%_]/g, "!$&")}%`;
}
