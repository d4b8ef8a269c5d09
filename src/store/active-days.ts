import type { SqlValue } from "./connection.ts";
import { blobOf, dayRuns, intOf, textOf, textOrNull } from "./decode.ts";
import { dimValues, findCode, NULL_CODE } from "./dims.ts";
import { ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { ActiveBits, ActiveDays, DayNumber, Scope, Tx, WriteTx } from "./types.ts";

/** Decides again who was active on these days of one organization. A day without anyone has no row. */
export async function refreshActiveDays(
  tx: WriteTx,
  scope: Scope,
  active: ActiveDays,
  organizationId: string,
  days: Iterable<DayNumber>,
): Promise<void> {
  const organization = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (organization === null) return;
  for (const run of dayRuns(days)) await refreshRun(tx, scope, active, organization, run);
}

async function refreshRun(
  tx: WriteTx,
  scope: Scope,
  { table, actor, rules }: ActiveDays,
  organization: number,
  { from, to }: { readonly from: DayNumber; readonly to: DayNumber },
): Promise<void> {
  const place = "tenant_id = ? and organization_id = ? and day >= ? and day < ?";
  const params = [scope.tenantId, organization, from, to];
  const session = sessionOf(tx);
  await session.run(`delete from active_days where ${place}`, params);
  // Null means that nothing is known, which makes nobody active: it is not above zero.
  const isActive = Object.entries(rules).map(
    ([rule, any]) =>
      `case when ${any.map((column) => `sum(${column}) > 0`).join(" or ")} then ${actor} end as "${rule}"`,
  );
  // One row a day with the actors of each rule in a list: a row for each of them would cost more than finding them.
  const list = (rule: string) =>
    session.engine === "sqlite"
      ? `group_concat("${rule}") as "${rule}"`
      : `string_agg("${rule}"::text, ',') as "${rule}"`;
  const days = await session.all(
    `select day, ${Object.keys(rules).map(list).join(", ")}
     from (
       select day, ${isActive.join(", ")}
       from ${table.name}
       where ${place} and ${actor} <> ${NULL_CODE}
       group by day, ${actor}
     ) actors
     group by day`,
    params,
  );
  const rows = days.flatMap((row) =>
    Object.keys(rules).flatMap((rule): SqlValue[][] => {
      const actors = textOrNull(row, rule);
      if (actors === null) return [];
      return [[scope.tenantId, organization, intOf(row, "day"), rule, bitsOf(actors.split(",").map(Number))]];
    }),
  );
  await session.insertRows("active_days", COLUMNS, rows);
}

/** Forgets who was active, on every day of the tenant: the first step of building it again. */
export async function clearActiveDays(tx: WriteTx, scope: Scope): Promise<void> {
  await sessionOf(tx).run("delete from active_days where tenant_id = ?", [scope.tenantId]);
}

/** Who was active on days `from` (held) to `to` (not), by one rule or by all; of one organization or of all. */
export async function activeDays(
  tx: Tx,
  scope: Scope,
  query: { readonly rule?: string; readonly organizationId?: string; readonly from: DayNumber; readonly to: DayNumber },
): Promise<ActiveBits[]> {
  const params: SqlValue[] = [scope.tenantId, query.from, query.to];
  let condition = "tenant_id = ? and day >= ? and day < ?";
  if (query.organizationId !== undefined) {
    const organization = await findCode(tx, scope, ORGANIZATION, query.organizationId);
    if (organization === null) return [];
    condition += " and organization_id = ?";
    params.push(organization);
  }
  if (query.rule !== undefined) {
    condition += " and rule = ?";
    params.push(query.rule);
  }
  const rows = await sessionOf(tx).all(
    `select organization_id, day, rule, bits
     from active_days
     where ${condition}
     order by organization_id, day, rule`,
    params,
  );
  const organizations = await dimValues(tx, scope, ORGANIZATION);
  return rows.map((row) => ({
    organizationId: organizations.get(intOf(row, "organization_id"))!,
    day: intOf(row, "day"),
    rule: textOf(row, "rule"),
    bits: blobOf(row, "bits"),
  }));
}

/** Bits of these codes; as short as the highest one allows. */
export function bitsOf(codes: readonly number[]): Buffer {
  const highest = codes.reduce((most, code) => Math.max(most, code), -1);
  const bits = Buffer.alloc((highest >> 3) + 1);
  for (const code of codes) bits[code >> 3]! |= 1 << (code & 7);
  return bits;
}

/** Codes whose bit is set, ascending. */
export function codesIn(bits: Buffer): number[] {
  const codes: number[] = [];
  for (let at = 0; at < bits.length; at++) {
    for (let bit = 0; bit < 8; bit++) if (bits[at]! & (1 << bit)) codes.push(at * 8 + bit);
  }
  return codes;
}

const COLUMNS = [
  { name: "tenant_id", type: "int" },
  { name: "organization_id", type: "int" },
  { name: "day", type: "int" },
  { name: "rule", type: "text" },
  { name: "bits", type: "blob" },
] as const;
