type Text = string | null;

/** A place of a table, with everybody who contributed to it over the whole range. */
export interface Cell {
  readonly dims: readonly Text[];
  readonly people: ReadonlySet<string>;
}

export interface Hidden {
  readonly cells: ReadonlySet<Cell>;
  /** A line cannot be protected, so all cells are hidden; that a cell is there would tell it from other answers. */
  readonly unprotected: boolean;
  /** No cells are left that could hide among each other, so the total would give them away. */
  readonly total: boolean;
}

/** Whether a group is too small to be shown. Nobody is no group: 0 tells of no one. */
export function isSmall(size: number, minimum: number): boolean {
  return size > 0 && size < minimum;
}

/**
 * Chooses the cells to hide: the small ones, and as many more that no line of the table (all dimensions but one held
 * fixed, and the table as a whole) gives a hidden cell away when its sum is known. In each line at least two cells are
 * hidden, and at least `minimum` people stand behind them together. The smallest go first.
 *
 * @param already cells to hide whatever their size
 * @param lines the sums that are known; absent, those of the table
 */
export function hiddenCells(
  cells: readonly Cell[],
  minimum: number,
  already: (cell: Cell) => boolean = () => false,
  lines: readonly (readonly Cell[])[] = linesOf(cells),
): Hidden {
  const hidden = new Set(cells.filter((cell) => isSmall(cell.people.size, minimum) || already(cell)));
  if (hidden.size === 0) return { cells: hidden, unprotected: false, total: false };
  const linesOfCell = new Map<Cell, (readonly Cell[])[]>();
  for (const line of lines) for (const cell of line) linesOfCell.set(cell, [...(linesOfCell.get(cell) ?? []), line]);
  const queue = new Set(lines);
  for (const line of queue) {
    queue.delete(line);
    while (!isProtected(line, hidden, minimum)) {
      const next = nextToHide(line, hidden, linesOfCell);
      if (next === undefined) {
        // A line that cannot be protected: nothing of the table may stand.
        const all = new Set(cells);
        return { cells: all, unprotected: true, total: !isProtected([...all], all, minimum) };
      }
      hidden.add(next);
      for (const other of linesOfCell.get(next)!) if (other !== line) queue.add(other);
    }
  }
  return { cells: hidden, unprotected: false, total: false };
}

/**
 * The groups of which not even the size is told: the small ones, and as many more that none can be told from the sum of
 * all.
 *
 * @param already groups whose figures are hidden: that of how many they are hides with the others
 */
export function hiddenSizes(
  groups: ReadonlyMap<Text, ReadonlySet<string>>,
  minimum: number,
  already: (group: Text) => boolean = () => false,
): ReadonlySet<Text> {
  const cells = [...groups].map(([group, people]) => ({ dims: [group], people }));
  const { cells: hidden } = hiddenCells(cells, minimum, ({ dims }) => already(dims[0] ?? null));
  return new Set([...hidden].map(({ dims }) => dims[0] ?? null));
}

function isProtected(line: readonly Cell[], hidden: ReadonlySet<Cell>, minimum: number): boolean {
  const own = line.filter((cell) => hidden.has(cell));
  if (own.length === 0) return true;
  return own.length > 1 && new Set(own.flatMap((cell) => [...cell.people])).size >= minimum;
}

/** The smallest cell that is still shown; rather one that other lines can hide as well, and one with people in it. */
function nextToHide(
  line: readonly Cell[],
  hidden: ReadonlySet<Cell>,
  linesOfCell: ReadonlyMap<Cell, readonly (readonly Cell[])[]>,
): Cell | undefined {
  const lonely = (cell: Cell) => linesOfCell.get(cell)!.some((other) => other.length === 1);
  const shown = line.filter((cell) => !hidden.has(cell));
  const byUse = (a: Cell, b: Cell) =>
    Number(a.people.size === 0) - Number(b.people.size === 0) ||
    Number(lonely(a)) - Number(lonely(b)) ||
    a.people.size - b.people.size ||
    (JSON.stringify(a.dims) < JSON.stringify(b.dims) ? -1 : 1);
  return shown.sort(byUse)[0];
}

/** Every row and column of the table, and the table itself. */
function linesOf(cells: readonly Cell[]): Cell[][] {
  const width = cells[0]?.dims.length ?? 0;
  const lines: Cell[][] = [[...cells]];
  if (width < 2) return lines;
  for (let free = 0; free < width; free++) {
    const byRest = Map.groupBy(cells, ({ dims }) => JSON.stringify(dims.filter((_, at) => at !== free)));
    lines.push(...byRest.values());
  }
  return lines;
}
