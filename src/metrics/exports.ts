import { sql } from "kysely";

import { dayText, dollars } from "../domain/index.ts";
import type { Column, Scope, Span, Table } from "../domain/index.ts";
import { dimValues } from "../store/index.ts";
import type { Tx } from "../store/index.ts";
import { checkTable, rowHider } from "./private-rows.ts";
import { unknownId } from "./suggest.ts";
import { tables } from "./tables.ts";
import { shownCount } from "./values.ts";

/** A table that can be taken out row by row, with every code spelled out. */
export interface Export {
  /** Stable; frozen in `test/golden/catalog-ids.txt`. */
  readonly id: string;
  readonly description: string;
  /** Names of the cells, in order. Money is in dollars and its name ends in `_usd`. */
  readonly columns: readonly string[];
  /** Rows have a day, so a range applies. */
  readonly daily: boolean;
}

export type ExportRow = Readonly<Record<string, string | number | null>>;

/** In the order in which lists show them. */
export const exports: readonly Export[] = [
  "usage_total",
  "usage_by_key",
  "usage_by_person",
  "cost_lines",
  "claude_code_activity",
  "claude_code_models",
  "claude_code_tools",
  "analytics_usage",
  "analytics_cost",
  "users",
  "invites",
  "workspaces",
  "workspace_members",
  "api_keys",
  "rate_limits",
].map((id) => {
  const table = tableOf(id);
  const columns = shownColumns(table).map(([name, column]) => shownName(name, column));
  return { id, description: table.doc, columns, daily: "day" in table.columns };
});

/** @throws Failure `input.unknown_value` with the nearest ids. */
export function findExport(id: string): Export {
  const found = exports.find((one) => one.id === id);
  if (!found) throw unknownId("export", id, exports);
  return found;
}

/**
 * The rows of an export: by day, oldest first, and within a day in the order of their keys' codes. One day is in
 * memory at a time, so an export may be larger than memory. In a privacy mode people stand under pseudonyms and rows in
 * the order of those, or the export is refused.
 *
 * @throws Failure `access.individuals`
 * @param span days, half-open; ignored by lists, which have none.
 */
export async function* exportRows(tx: Tx, scope: Scope, { id, daily }: Export, span: Span): AsyncGenerator<ExportRow> {
  const table = tableOf(id);
  const hide = (await rowHider(tx, scope, table, span)) ?? ((rows) => rows);
  const spell = await speller(tx, scope, table);
  if (!daily) {
    yield* hide(await page(tx, scope, table, null, spell));
    return;
  }
  const days = await daysHeld(tx, scope, table, span);
  for (const day of days) yield* hide(await page(tx, scope, table, day, spell));
}

/** @throws Failure `access.individuals` when the rows of this export may not be shown in the scope's privacy mode. */
export function checkExport(scope: Scope, { id }: Export): void {
  checkTable(scope, tableOf(id));
}

/**
 * A cell as a spreadsheet may open it: text that would start a formula gets an apostrophe first, and quotes, commas and
 * line ends are quoted.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text =
    typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(value) && !PLAIN_NUMBER.test(value)
      ? `'${value}`
      : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of CSV (RFC 4180), with its line end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** "-12.50" is an amount and starts no formula. */
const PLAIN_NUMBER = /^-\d+(\.\d+)?$/;

type Spell = (row: Record<string, string | number | bigint | null>) => ExportRow;

async function page(tx: Tx, scope: Scope, table: Table, day: number | null, spell: Spell): Promise<ExportRow[]> {
  const names = shownColumns(table).map(([name]) => sql.ref(name));
  const { rows } = await sql<Record<string, string | number | bigint | null>>`
    select ${sql.join(names)}
    from ${sql.table(table.name)}
    where tenant_id = ${scope.tenantId} ${day === null ? sql`` : sql`and day = ${day}`}
    order by ${sql.join(table.key.map((name) => sql.ref(name)))}
  `.execute(tx.db);
  return rows.map(spell);
}

async function daysHeld(tx: Tx, scope: Scope, table: Table, span: Span): Promise<number[]> {
  const { rows } = await sql<{ day: bigint }>`
    select distinct day
    from ${sql.table(table.rollups[0]?.name ?? table.name)}
    where tenant_id = ${scope.tenantId} and day >= ${span.from} and day < ${span.to}
    order by day
  `.execute(tx.db);
  return rows.map((row) => Number(row.day));
}

async function speller(tx: Tx, scope: Scope, table: Table): Promise<Spell> {
  const spelled = await Promise.all(
    shownColumns(table).map(async ([name, column]) => {
      const texts = column.kind === "dim" ? await dimValues(tx, scope, column.dim) : null;
      return { from: name, to: shownName(name, column), column, texts };
    }),
  );
  return (row) =>
    Object.fromEntries(spelled.map(({ from, to, column, texts }) => [to, cell(row[from], column, texts)]));
}

function cell(
  value: string | number | bigint | null | undefined,
  column: Column,
  texts: ReadonlyMap<number, string> | null,
): string | number | null {
  if (value === null || value === undefined) return null;
  if (texts) return texts.get(Number(value)) ?? null;
  if (column.kind === "text") return String(value);
  const whole = typeof value === "bigint" ? value : BigInt(String(value));
  if (column.kind === "day") return dayText(Number(whole));
  return column.kind === "pico" ? dollars(whole) : shownCount(whole);
}

/** `service_actor` repeats the actor for the roll-ups' sake. */
function shownColumns(table: Table): (readonly [string, Column])[] {
  return Object.entries(table.columns).filter(([name]) => name !== "service_actor");
}

function shownName(name: string, column: Column): string {
  return column.kind === "pico" ? name.replace(/_pico$/, "_usd") : name;
}

function tableOf(id: string): Table {
  const table = tables.get(id);
  if (!table) throw new TypeError(`no stream fills the table ${id}`);
  return table;
}
