import { csvLine } from "../metrics/index.ts";

type Cell = string | number | null;

/**
 * A list of objects as CSV (RFC 4180). Members of members stand as `outer.inner`, lists and what has no columns as JSON;
 * no cell starts a formula.
 */
export function csvOf(rows: readonly Record<string, unknown>[]): string {
  const lines = rows.map((row) => new Map(cellsOf(row)));
  const columns = [...new Set(lines.flatMap((line) => [...line.keys()]))];
  return [columns, ...lines.map((line) => columns.map((name) => line.get(name) ?? null))].map(csvLine).join("");
}

function cellsOf(row: Record<string, unknown>, prefix = ""): [string, Cell][] {
  return Object.entries(row).flatMap(([name, value]): [string, Cell][] => {
    const column = `${prefix}${name}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return cellsOf(value as Record<string, unknown>, `${column}.`);
    return [[column, cellOf(value)]];
  });
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join("; ");
  return JSON.stringify(value);
}
