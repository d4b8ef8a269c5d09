import * as Plot from "@observablehq/plot";

import { compact, exact, toNumber, type Unit, type Value } from "../format/index.ts";
import { axisLabel, cut, lettersOf, plot, type Chart } from "./drawing.ts";

export interface Ranked {
  readonly unit: Unit;
  readonly note?: string;
  /** In the order of drawing, the largest first. */
  readonly bars: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: Value;
    readonly color?: string;
    /** The period before. */
    readonly previous?: Value;
  }[];
}

/** Things by size, with their names and values written out. */
export const bars: Chart<Ranked> = {
  draw: (data, canvas) => {
    const longest = Math.max(0, ...data.bars.map(({ label }) => lettersOf(label).length));
    // As wide as the names are, and never more than the bars can spare.
    const left = Math.min(220, canvas.width * 0.46, Math.max(60, 10 + 7.2 * longest));
    const right = 68;
    const letters = Math.floor((left - 8) / 7.2);
    const rows = data.bars.map((bar) => ({
      ...bar,
      size: toNumber(bar.value) ?? 0,
      before: toNumber(bar.previous ?? null),
    }));
    const most = Math.max(0, ...rows.map(({ size, before }) => Math.max(size, before ?? 0)));
    const svg = plot(canvas, {
      marginTop: 24,
      marginRight: right,
      marginBottom: 4,
      marginLeft: left,
      x: { domain: [Math.min(0, ...rows.map(({ size }) => size)), most || 1], axis: null },
      y: { type: "band", domain: rows.map(({ name }) => name), padding: 0.3, axis: null },
      marks: [
        Plot.text([axisLabel(data)], {
          frameAnchor: "top-left",
          textAnchor: "start",
          lineAnchor: "top",
          dx: -left,
          dy: -22,
          fill: "var(--ink-3)",
        }),
        Plot.barX(rows, { y: "name", x: "size", fill: ({ color }) => color ?? "var(--c-1)", rx: 2 }),
        Plot.tickX(
          rows.filter(({ before }) => before !== null),
          { y: "name", x: "before", stroke: "var(--ink-2)", strokeWidth: 1.5, strokeDasharray: "3,2" },
        ),
        Plot.text(rows, {
          y: "name",
          text: ({ label }) => cut(label, letters),
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: "var(--ink)",
        }),
        Plot.text(rows, {
          y: "name",
          x: ({ size, before }) => Math.max(size, before ?? 0, 0),
          text: ({ value }) => compact(value, data.unit),
          textAnchor: "start",
          dx: 6,
          fill: "var(--ink-2)",
        }),
      ],
    });
    const step = (canvas.height - 28) / Math.max(1, rows.length);
    return {
      svg,
      regions: rows.map(({ name }, at) => ({ key: name, x: 0, y: 24 + at * step, width: canvas.width, height: step })),
    };
  },
  table: (data) => {
    const compared = data.bars.some(({ previous }) => previous !== undefined);
    return {
      columns: [
        { label: "Name" },
        { label: "Value", unit: data.unit },
        ...(compared ? [{ label: "Before", unit: data.unit }] : []),
      ],
      rows: data.bars.map(({ label, value, previous }) => [label, value, ...(compared ? [previous ?? null] : [])]),
    };
  },
  tip: (data, key) => {
    const bar = data.bars.find(({ name }) => name === key);
    if (bar === undefined) return null;
    return {
      title: bar.label,
      lines: [
        { label: "Value", text: exact(bar.value, data.unit) },
        ...(bar.previous === undefined ? [] : [{ label: "Before", text: exact(bar.previous, data.unit) }]),
      ],
    };
  },
};
