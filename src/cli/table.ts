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
    rows.reduce((widest, row) => Math.max(widest, cellWidth(row[i] ?? "")), cellWidth(title)),
  );
  const natural = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  if (natural > width) return blocks(columns, rows);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = row[i] ?? "";
        const room = " ".repeat(widths[i]! - cellWidth(cell));
        return align === "right" ? room + cell : cell + room;
      })
      .join(GAP)
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map(line).join("\n");
}

const GAP = "  ";
/** Told at a glance: nearly every cell. */
const NARROW = /^[\x20-\x7e\xa1-\xac\xae-\u02ff—…]*$/;
const EMOJI = /\p{RGI_Emoji}/gv;
/** Letters of East Asia without their half-width forms. */
const WIDE =
  /[[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u2e80-\u303e\u3105-\u4dbf\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]--[\uff61-\uffdc]]/gv;
const UNSEEN = /[\p{Mn}\p{Me}\p{Cf}]/gu;

/** How many columns of a terminal a text takes: two for an emoji or a letter of East Asia, none for a mark on a letter. */
function cellWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  const letters = text.replace(EMOJI, "\u4e00");
  const count = (which: RegExp) => letters.match(which)?.length ?? 0;
  return count(/./gsu) + count(WIDE) - count(UNSEEN);
}

function blocks(columns: readonly TitledColumn[], rows: readonly (readonly string[])[]): string {
  const block = (row: readonly string[]): string =>
    columns
      .map(({ title }, i) => ({ title, value: row[i] ?? "" }))
      .filter(({ value }) => value !== "")
      .map(({ title, value }) => `${title}: ${value}`)
      .join("\n");
  return rows.map(block).join("\n\n");
}
