import { toNumber } from "../format/index.ts";
import type { DataColumn } from "./table-cell.tsx";

/** The column that rows are sorted by, and which way. */
export interface Order {
  readonly id: string;
  readonly desc: boolean;
}

/** Another column: figures the largest first, words from the beginning. The same one: the other way. */
export function orderAfter<Row>({ id, unit }: DataColumn<Row>, order: Order | null): Order {
  return order?.id === id ? { id, desc: !order.desc } : { id, desc: unit !== undefined };
}

/** The rows in this order; equal ones stay as they were, and what has no value comes last either way. */
export function inOrder<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  order: Order | null,
): readonly Row[] {
  const column = columns.find(({ id }) => id === order?.id);
  if (column === undefined || order === null) return rows;
  const way = order.desc ? -1 : 1;
  return rows
    .map((row) => ({ row, by: sortKey(row, column) }))
    .sort((a, b) => {
      if (a.by === null || b.by === null) return Number(a.by === null) - Number(b.by === null);
      return way * compare(a.by, b.by);
    })
    .map(({ row }) => row);
}

/** The rows with this text in any of their words. */
export function matching<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  wanted: string,
): readonly Row[] {
  const text = wanted.trim().toLocaleLowerCase();
  if (text === "") return rows;
  const words = columns.filter(({ unit }) => unit === undefined);
  return rows.filter((row) =>
    words.some(({ value }) =>
      String(value(row) ?? "")
        .toLocaleLowerCase()
        .includes(text),
    ),
  );
}

/** The largest figure of each column that shows bars. */
export function largestOf<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): ReadonlyMap<string, number> {
  return new Map(
    columns
      .filter(({ bar }) => bar === true)
      .map(({ id, value }) => [id, rows.reduce((most, row) => Math.max(most, toNumber(value(row)) ?? 0), 0)]),
  );
}

function sortKey<Row>(row: Row, { value, unit }: DataColumn<Row>): string | number | null {
  const found = value(row);
  if (found === null) return null;
  return unit === undefined ? String(found).toLocaleLowerCase() : toNumber(found);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
