import { sql } from "kysely";
import type { RawBuilder } from "kysely";

import { joinExact, sumExact } from "../store/index.ts";
import type { Scope, Tx } from "../store/index.ts";
import type { Alike } from "./alike.ts";
import type { CodeFilter, Plan } from "./compile.ts";
import { Kept } from "./kept.ts";

/** One group of a plan: the codes of its columns, its day when asked by day, and each sum, null when all were null. */
export interface SelectedRow {
  readonly codes: readonly number[];
  readonly day: number | null;
  readonly sums: readonly (bigint | null)[];
}

/** Splits by person, team and population read the same groups of rows. */
const selected = new Kept<readonly SelectedRow[]>(40_000, (rows) => rows.length);

/**
 * Runs a plan. Sums are exact: pico-dollars are summed in two halves, as a plain sum of 64-bit amounts may overflow.
 */
export async function select(tx: Tx, scope: Scope, plan: Plan): Promise<readonly SelectedRow[]> {
  const impossible = plan.where.some((filter) => filter.codes.length === 0 && !filter.negate);
  if (plan.organizations.length === 0 || impossible) return [];
  return selected.get(
    tx,
    scope,
    () => keyOf(plan),
    () => read(tx, scope, plan),
  );
}

/** The fact's own words say nothing that its table does not. */
function keyOf({ from, groupBy, byDay, sums, where, organizations, span, alike, extreme }: Plan): string {
  return JSON.stringify([from, groupBy, byDay, sums, where, organizations, span, alike, extreme]);
}

async function read(tx: Tx, scope: Scope, plan: Plan): Promise<readonly SelectedRow[]> {
  const query =
    plan.extreme === "largest_day" ? largestDay(plan, grouped(scope, { ...plan, byDay: true })) : grouped(scope, plan);
  const { rows } = await query.execute(tx.db);
  return rows.map((row) => ({
    codes: plan.groupBy.map((name) => Number(row[name])),
    day: plan.byDay ? Number(row["day"]) : null,
    sums: plan.sums.map(({ pico }, index) => (pico ? joined(row, index) : whole(row[`s${index}`]))),
  }));
}

type Query = RawBuilder<Record<string, unknown>>;

function grouped(scope: Scope, plan: Plan): Query {
  // The key of a roll-up begins with tenant, organization and day, and goes on as most questions group: without the
  // organization among the groups, SQLite reads them in order and need not sort.
  const groups = [...plan.groupBy, ...(plan.byDay ? ["day"] : [])];
  const columns = [
    ...groups.map((name) => (name === plan.alike?.column ? standingFor(plan.alike) : sql`${sql.ref(name)}`)),
    ...plan.sums.flatMap(({ column, pico }, index) => {
      if (plan.extreme === "smallest_row") {
        const smallest = sql`min(${sql.ref(column)})`;
        if (!pico) return [sql`${smallest} as ${sql.ref(`s${index}`)}`];
        return [sql`0 as ${sql.ref(`h${index}`)}`, sql`${smallest} as ${sql.ref(`l${index}`)}`];
      }
      if (!pico) return [sql`cast(sum(${sql.ref(column)}) as bigint) as ${sql.ref(`s${index}`)}`];
      const { hi, lo } = sumExact(column);
      return [sql`${hi} as ${sql.ref(`h${index}`)}`, sql`${lo} as ${sql.ref(`l${index}`)}`];
    }),
  ];
  // By position, as one of them may be an expression.
  const by = groups.map((_, index) => sql.raw(String(index + 1)));
  return sql<Record<string, unknown>>`
    select ${columns.length > 0 ? sql.join(columns) : sql`count(*)`}
    from ${sql.table(plan.from)}
    where ${conditions(scope, plan)}
    ${groups.length > 0 ? sql`group by ${sql.join(by)}` : sql`having count(*) > 0`}
  `;
}

/** Both parts of a sum at their largest, be it on different days: together they are no less than the largest sum. */
function largestDay({ groupBy, sums }: Plan, byDay: Query): Query {
  const names = sums.flatMap(({ pico }, index) => (pico ? [`h${index}`, `l${index}`] : [`s${index}`]));
  const groups = groupBy.map((name) => sql`${sql.ref(name)}`);
  return sql<Record<string, unknown>>`
    select ${sql.join([...groups, ...names.map((name) => sql`max(${sql.ref(name)}) as ${sql.ref(name)}`)])}
    from (${byDay}) as by_day
    ${groups.length > 0 ? sql`group by ${sql.join(groups)}` : sql`having count(*) > 0`}
  `;
}

function standingFor({ column, codes }: Alike) {
  const whens = codes.map(
    (own) => sql`when ${inCodes({ column, codes: own, negate: false })} then ${sql.lit(own[0]!)}`,
  );
  return sql`case ${sql.join(whens, sql` `)} else ${sql.ref(column)} end as ${sql.ref(column)}`;
}

/** Tenant, organizations, half-open days and filters of a plan. Codes and days are our own whole numbers. */
export function conditions(scope: Scope, plan: Pick<Plan, "organizations" | "span" | "where">) {
  return sql.join(
    [
      sql`tenant_id = ${scope.tenantId}`,
      inCodes({ column: "organization_id", codes: plan.organizations, negate: false }),
      sql`day >= ${plan.span.from}`,
      sql`day < ${plan.span.to}`,
      ...plan.where.filter((filter) => filter.codes.length > 0).map(inCodes),
    ],
    sql` and `,
  );
}

function inCodes({ column, codes, negate }: CodeFilter) {
  if (!codes.every(Number.isSafeInteger)) throw new TypeError("a code that is no whole number");
  // As literals: an engine limits the parameters of a statement, and a team may have more members than that.
  const list = sql.raw([...codes].sort((a, b) => a - b).join(","));
  return negate ? sql`${sql.ref(column)} not in (${list})` : sql`${sql.ref(column)} in (${list})`;
}

function joined(row: Record<string, unknown>, index: number): bigint | null {
  return joinExact(whole(row[`h${index}`]), whole(row[`l${index}`]));
}

function whole(value: unknown): bigint | null {
  if (value === null || value === undefined) return null;
  return typeof value === "bigint" ? value : BigInt(value as string | number);
}
