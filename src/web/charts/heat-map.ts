import * as Plot from "@observablehq/plot";

import { compact, exact, toNumber, unitWords, type Unit, type Value } from "../format/index.ts";
import { axisLabel, addHatches, cut, lettersOf, plot, tickBuckets, type Chart } from "./drawing.ts";

export interface Heat {
  readonly unit: Unit;
  readonly note?: string;
  readonly rows: readonly { readonly name: string; readonly label: string }[];
  readonly columns: readonly { readonly name: string; readonly label: string }[];
  /** A cell that is not listed is drawn empty; null is not known, and hatched. */
  readonly cells: readonly {
    readonly row: string;
    readonly column: string;
    readonly value: Value;
    readonly title?: string;
  }[];
  /** Whether cells have room for their value. */
  readonly written?: boolean;
  /** The upper end of the scale; the largest value unless said. */
  readonly most?: number;
}

const STEPS = 7;

/** Values in rows and columns: a calendar, a cohort. One hue, from light to strong. */
export const heatMap: Chart<Heat> = {
  draw: (data, canvas) => {
    const longest = Math.max(0, ...data.rows.map(({ label }) => lettersOf(label).length));
    const left = Math.min(canvas.width < 330 ? 116 : canvas.width < 560 ? 140 : 220, 16 + 7 * longest);
    const inner = canvas.width - left - 4;
    const most = data.most ?? Math.max(0, ...data.cells.map(({ value }) => toNumber(value) ?? 0));
    const cells = data.cells.map((cell) => ({ ...cell, step: stepOf(cell.value, most) }));
    const shown = new Set(
      tickBuckets(
        data.columns.map(({ name }) => name),
        inner,
        Math.max(44, 8 + 6.2 * Math.max(0, ...data.columns.map(({ label }) => lettersOf(label).length))),
      ),
    );
    const wide = inner / Math.max(1, data.columns.length);
    // As much between columns as between rows, however wide the cells are.
    const gap = Math.min(0.08, 2.5 / wide);
    const letters = data.cells.map(({ value }) => writtenOf(value, data.unit).length);
    const written = data.written === true && wide >= Math.max(28, 4 + 6.6 * Math.max(0, ...letters));
    const rowLabels = new Map(data.rows.map(({ name, label }) => [name, label]));
    const columnLabels = new Map(data.columns.map(({ name, label }) => [name, label]));
    const svg = plot(canvas, {
      marginTop: 44,
      marginLeft: left,
      marginRight: 4,
      marginBottom: 4,
      x: { type: "band", domain: data.columns.map(({ name }) => name), padding: gap, axis: null },
      y: { type: "band", domain: data.rows.map(({ name }) => name), padding: 0.08, axis: null },
      marks: [
        Plot.text([axisLabel(data)], {
          frameAnchor: "top-left",
          textAnchor: "start",
          lineAnchor: "top",
          dx: -left,
          dy: -42,
          fill: "var(--ink-3)",
        }),
        Plot.cell(cells, {
          x: "column",
          y: "row",
          fill: ({ step }) => (step === null ? "url(#hatch-ground)" : `var(--seq-${step})`),
          stroke: "var(--line)",
          strokeWidth: 0.5,
          rx: 2,
        }),
        written
          ? Plot.text(
              cells.filter(({ step }) => step !== null),
              {
                x: "column",
                y: "row",
                text: ({ value }) => writtenOf(value, data.unit),
                fill: ({ step }) => ((step ?? 0) >= 4 ? "var(--seq-ink-high)" : "var(--seq-ink-low)"),
              },
            )
          : null,
        Plot.axisY({
          tickSize: 0,
          label: null,
          fill: "var(--ink-3)",
          tickFormat: (name: string) => cut(rowLabels.get(name) ?? name, Math.floor((left - 14) / 7)),
        }),
        Plot.axisX({
          anchor: "top",
          ticks: [...shown],
          tickSize: 0,
          label: null,
          fill: "var(--ink-3)",
          tickFormat: (name: string) => columnLabels.get(name) ?? name,
        }),
      ],
    });
    addHatches(svg, canvas.document);
    return { svg, regions: regionsOf(data, left, wide, canvas.height) };
  },
  table: (data) => ({
    columns: [{ label: "" }, ...data.columns.map(({ label }) => ({ label, unit: data.unit }))],
    rows: data.rows.map(({ name, label }) => [
      label,
      ...data.columns.map(
        ({ name: column }) => data.cells.find((cell) => cell.row === name && cell.column === column)?.value ?? null,
      ),
    ]),
  }),
  tip: (data, key) => {
    const cell = data.cells.find(({ row, column }) => keyOf(row, column) === key);
    if (cell === undefined) return null;
    const label = (list: Heat["rows"], name: string) => list.find((one) => one.name === name)?.label ?? name;
    return {
      title: cell.title ?? `${label(data.rows, cell.row)}, ${label(data.columns, cell.column)}`,
      lines: [{ label: unitWords(data.unit), text: exact(cell.value, data.unit) }],
    };
  },
};

/** A value as short as a cell has room for. */
function writtenOf(value: Value, unit: Unit): string {
  return unit === "ratio" ? `${Math.round(Number(value) * 100)}` : compact(value, unit);
}

/** Zero has a step of its own; the rest are equal parts. */
function stepOf(value: Value, most: number): number | null {
  const number = toNumber(value);
  if (number === null) return null;
  if (number <= 0 || most <= 0) return 0;
  return Math.min(STEPS - 1, 1 + Math.floor((number / most) * (STEPS - 1) * 0.9999));
}

function keyOf(row: string, column: string): string {
  return `${row}\u0000${column}`;
}

function regionsOf({ cells, rows, columns }: Heat, left: number, wide: number, height: number) {
  const tall = (height - 48) / Math.max(1, rows.length);
  return cells.map(({ row, column }) => ({
    key: keyOf(row, column),
    x: left + columns.findIndex(({ name }) => name === column) * wide,
    y: 44 + rows.findIndex(({ name }) => name === row) * tall,
    width: wide,
    height: tall,
  }));
}
