import type { Table } from "../domain/index.ts";
import { canonicalJson } from "../ledger/index.ts";
import { activeDays, codesIn } from "./active-days.ts";
import type { SqlRow } from "./connection.ts";
import { columnOf } from "./ddl.ts";
import { bigOf, intOf } from "./decode.ts";
import { dimValues, findCode, plainText } from "./dims.ts";
import { ORGANIZATION } from "./records.ts";
import { sessionOf } from "./session.ts";
import type { ActiveDays, Scope, Tx } from "./types.ts";

/** A row as anyone would write it: dims as text, 64-bit integers as decimal text, days as numbers. */
export type SpelledRow = Readonly<Record<string, string | number | null>>;

/** Organizations that the tenant holds anything of, in the order of their ids. */
export async function listOrganizations(tx: Tx, scope: Scope): Promise<string[]> {
  return [...(await dimValues(tx, scope, ORGANIZATION)).values()].sort();
}

/**
 * An organization's rows of a projection, or of one of its roll-ups by name, day by day; within a day (a list: as a
 * whole) in the order of their canonical text. The same facts give the same rows in the same order in every store.
 */
export async function* rowsSpelled(
  tx: Tx,
  scope: Scope,
  table: Table,
  organizationId: string,
  rollup?: string,
): AsyncGenerator<SpelledRow> {
  const organization = await findCode(tx, scope, ORGANIZATION, organizationId);
  if (organization === null) return;
  const source = columnsOf(table, rollup);
  const spellings: ((row: SqlRow) => string | number | null)[] = [];
  for (const name of source.columns) spellings.push(await spelling(tx, scope, table, name));
  const hasDay = source.columns.includes("day");
  const rows = sessionOf(tx).iterate(
    `select ${source.columns.join(", ")}
     from ${source.name}
     where tenant_id = ? and organization_id = ?
     ${hasDay ? "order by day" : ""}`,
    [scope.tenantId, organization],
  );
  let batch: SpelledRow[] = [];
  let day: bigint | null = null;
  for await (const row of rows) {
    const rowDay = hasDay ? bigOf(row, "day") : null;
    if (rowDay !== day) {
      yield* inOrder(batch);
      batch = [];
      day = rowDay;
    }
    batch.push(Object.fromEntries(source.columns.map((name, at) => [name, spellings[at]!(row)])));
  }
  yield* inOrder(batch);
}

/** Active actors by day and rule, spelled out and sorted. */
export async function* activeSpelled(
  tx: Tx,
  scope: Scope,
  { table, actor }: ActiveDays,
  organizationId: string,
): AsyncGenerator<{ readonly day: number; readonly rule: string; readonly actors: readonly string[] }> {
  const column = columnOf(table, actor);
  if (column.kind !== "dim") throw new TypeError(`${table.name}.${actor} is not interned`);
  const names = await dimValues(tx, scope, column.dim);
  const days = await activeDays(tx, scope, { organizationId, from: 0, to: Number.MAX_SAFE_INTEGER });
  for (const { day, rule, bits } of days) {
    yield {
      day,
      rule,
      actors: codesIn(bits)
        // A bit that no actor has can only have been put there by hand: it is told, not passed over.
        .map((code) => names.get(code) ?? `code ${code}`)
        .sort(),
    };
  }
}

function columnsOf(table: Table, rollup: string | undefined): { name: string; columns: string[] } {
  if (rollup === undefined) return { name: table.name, columns: Object.keys(table.columns) };
  const found = table.rollups.find(({ name }) => name === rollup);
  if (!found) throw new TypeError(`${table.name} has no roll-up ${rollup}`);
  return { name: found.name, columns: [...found.by, ...found.sums] };
}

async function spelling(
  tx: Tx,
  scope: Scope,
  table: Table,
  name: string,
): Promise<(row: SqlRow) => string | number | null> {
  const column = columnOf(table, name);
  switch (column.kind) {
    case "dim": {
      const values = await dimValues(tx, scope, column.dim);
      return (row) => values.get(intOf(row, name)) ?? null;
    }
    case "day":
      return (row) => intOf(row, name);
    case "text":
      return (row) => {
        const text = row[name];
        return typeof text === "string" ? plainText(text) : null;
      };
    case "count":
    case "pico":
      return (row) => (row[name] === null ? null : bigOf(row, name).toString());
  }
}

function inOrder(rows: readonly SpelledRow[]): SpelledRow[] {
  return rows
    .map((row) => ({ row, text: canonicalJson(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ row }) => row);
}
