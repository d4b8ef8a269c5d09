import Table from "cli-table3";

/** Its title, or more than that. */
type TableColumn = string | TitledColumn;

interface TitledColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/**
 * Rows under their titles; where the screen is too narrow for them, one block of `title: value` lines a row.
 *
 * Cells are text that is safe to show already.
 */
export function tableText(titled: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): string {
  const columns = titled.map((column) => (typeof column === "string" ? { title: column } : column));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const natural = widths.reduce((sum, one) => sum + one + 2, 0);
  if (natural > width) return blocks(columns, rows);
  const table = new Table({
    chars: PLAIN,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    colAligns: columns.map(({ align }) => align ?? "left"),
    head: columns.map(({ title }) => title),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ \t]+$/gm, "");
}

const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

function blocks(columns: readonly TitledColumn[], rows: readonly (readonly string[])[]): string {
  const block = (row: readonly string[]): string =>
    columns
      .map(({ title }, i) => ({ title, value: row[i] ?? "" }))
      .filter(({ value }) => value !== "")
      .map(({ title, value }) => `${title}: ${value}`)
      .join("\n");
  return rows.map(block).join("\n\n");
}
