/** A line without axes, for a headline or a cell. Gaps stay open. */
export interface Spark {
  /** Path of the line, in a box of the given size. */
  readonly line: string;
  /** Path down to the base, for a tint. */
  readonly area: string;
  /** The last point, or null when there is none. */
  readonly end: { readonly x: number; readonly y: number } | null;
}

export function sparkline(values: readonly (number | null)[], width: number, height: number): Spark {
  const known = values.filter((value) => value !== null);
  const least = Math.min(0, ...known);
  const span = Math.max(...known, least) - least || 1;
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0;
  const place = (value: number, at: number) => ({
    x: round(2 + at * step),
    y: round(height - 2 - ((value - least) / span) * (height - 4)),
  });
  let end: Spark["end"] = null;
  const runs: { x: number; y: number }[][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    end = place(value, at);
    if (at > 0 && values[at - 1] !== null) runs.at(-1)?.push(end);
    else runs.push([end]);
  });
  const path = (run: { x: number; y: number }[]) => `M${run.map(({ x, y }) => `${x},${y}`).join("L")}`;
  const base = height - 2;
  return {
    line: runs.map(path).join(""),
    area: runs.map((run) => `${path(run)}L${run.at(-1)?.x},${base}L${run[0]?.x},${base}Z`).join(""),
    end,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
