import type { ChartTable } from "../charts/drawing.ts";

/** A table as RFC 4180 writes it, with the exact values and their units in the heading. */
export function toCsv({ columns, rows }: ChartTable): string {
  const head = columns.map(({ label, unit }) => (unit === undefined ? label : `${label} (${unit})`));
  return [head, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

/** Hands a table to the browser as a file. */
export function download(table: ChartTable, name: string): void {
  const address = URL.createObjectURL(new Blob([toCsv(table)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}

function field(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  // A spreadsheet would run what begins like a formula; numbers may begin with a minus.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
