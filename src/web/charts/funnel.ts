import * as Plot from "@observablehq/plot";

import { exact, rate, unitWords, type Unit } from "../format/index.ts";
import { cut, plot, type Chart } from "./drawing.ts";

export interface Funnel {
  readonly unit: Unit;
  /** From the widest to the narrowest. Null: the source does not say. */
  readonly steps: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: number | null;
    readonly note?: string;
  }[];
}

/** Steps that fewer and fewer reach, each with its share of the first and of the one before. */
export const funnel: Chart<Funnel> = {
  draw: (data, canvas) => {
    const left = Math.min(190, Math.max(110, canvas.width * 0.3));
    const first = data.steps.find(({ value }) => value !== null)?.value ?? 0;
    const rows = data.steps.map((step) => ({ ...step, size: step.value ?? 0 }));
    const svg = plot(canvas, {
      marginTop: 24,
      marginRight: canvas.width >= 480 ? 128 : 92,
      marginBottom: 4,
      marginLeft: left,
      x: { domain: [0, Math.max(first, 1)], axis: null },
      y: { type: "band", domain: rows.map(({ name }) => name), padding: 0.28, axis: null },
      marks: [
        Plot.text([unitWords(data.unit)], {
          frameAnchor: "top-left",
          textAnchor: "start",
          lineAnchor: "top",
          dx: -left,
          dy: -22,
          fill: "var(--ink-3)",
        }),
        Plot.barX(rows, { y: "name", x1: 0, x2: () => first, fill: "var(--seq-0)", rx: 2 }),
        Plot.barX(rows, { y: "name", x: "size", fill: "var(--c-1)", rx: 2 }),
        Plot.text(rows, {
          y: "name",
          text: ({ label }) => cut(label, Math.floor(left / 7)),
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: "var(--ink)",
        }),
        Plot.text(rows, {
          y: "name",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          text: ({ value }) =>
            value === null
              ? "—"
              : `${exact(value, data.unit)}${first > 0 && value !== first ? `  ${rate(value / first)}` : ""}`,
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
  table: (data) => ({
    columns: [
      { label: "Step" },
      { label: "Reached it", unit: data.unit },
      { label: "Of the first", unit: "ratio" },
      { label: "Of the one before", unit: "ratio" },
    ],
    rows: data.steps.map(({ label, value }, at) => [
      label,
      value,
      share(value, data.steps[0]?.value),
      share(value, data.steps[at - 1]?.value),
    ]),
  }),
  tip: (data, key) => {
    const at = data.steps.findIndex(({ name }) => name === key);
    const step = data.steps[at];
    if (step === undefined) return null;
    return {
      title: step.label,
      lines: [
        { label: "Reached it", text: exact(step.value, data.unit) },
        { label: "Of the first", text: rate(share(step.value, data.steps[0]?.value)) },
        ...(at === 0 ? [] : [{ label: "Of the one before", text: rate(share(step.value, data.steps[at - 1]?.value)) }]),
      ],
      ...(step.note === undefined ? {} : { note: step.note }),
    };
  },
};

function share(value: number | null, whole: number | null | undefined): number | null {
  return value === null || whole == null || whole === 0 ? null : value / whole;
}
