import widthOf from "fast-string-width";

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
  const widths = columns.map(({ title }, i) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[i] ?? "")), widthOf(title)),
  );
  const natural = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  if (natural > width) return blocks(columns, rows);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = row[i] ?? "";
        const room = " ".repeat(widths[i]! - widthOf(cell));
        return align === "right" ? room + cell : cell + room;
      })
      .join(GAP)
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map(line).join("\n");
}

const GAP = "  ";

function blocks(columns: readonly TitledColumn[], rows: readonly (readonly string[])[]): string {
  const block = (row: readonly string[]): string =>
    columns
      .map(({ title }, i) => ({ title, value: row[i] ?? "" }))
      .filter(({ value }) => value !== "")
      .map(({ title, value }) => `${title}: ${value}`)
      .join("\n");
  return rows.map(block).join("\n\n");
}
