import * as Plot from "@observablehq/plot";

import { exact, rate, toNumber, unitWords, type Unit, type Value } from "../format/index.ts";
import { axisLabel, plot, type Chart } from "./drawing.ts";

export interface Shares {
  readonly unit: Unit;
  readonly note?: string;
  readonly parts: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: Value;
    readonly color: string;
  }[];
}

/** How a whole is made up, as one bar: lengths are compared more truly than angles. */
export const share: Chart<Shares> = {
  draw: (data, canvas) => {
    const whole = wholeOf(data);
    let from = 0;
    const parts = data.parts.map((part) => {
      const size = Math.max(0, toNumber(part.value) ?? 0);
      const placed = { ...part, from, to: from + size, share: whole === 0 ? 0 : size / whole };
      from += size;
      return placed;
    });
    const svg = plot(canvas, {
      marginTop: 24,
      marginRight: 0,
      marginBottom: 2,
      marginLeft: 0,
      x: { domain: [0, whole || 1], axis: null },
      marks: [
        Plot.text([axisLabel(data)], {
          frameAnchor: "top-left",
          textAnchor: "start",
          lineAnchor: "top",
          dy: -22,
          fill: "var(--ink-3)",
        }),
        Plot.rectX(parts, { x1: "from", x2: "to", fill: "color", insetRight: 1 }),
        Plot.text(
          parts.filter((part) => part.share * canvas.width > 52),
          {
            x: ({ from, to }) => (from + to) / 2,
            text: ({ share }) => rate(share),
            fill: "var(--surface)",
            fontWeight: 600,
          },
        ),
      ],
    });
    return {
      svg,
      regions: parts.map((part) => ({
        key: part.name,
        x: (part.from / (whole || 1)) * canvas.width,
        y: 24,
        width: part.share * canvas.width,
        height: canvas.height - 26,
      })),
    };
  },
  table: (data) => ({
    columns: [{ label: "Part" }, { label: "Value", unit: data.unit }, { label: "Share", unit: "ratio" }],
    rows: data.parts.map(({ label, value }) => [label, value, shareOf(value, data)]),
  }),
  tip: (data, key) => {
    const part = data.parts.find(({ name }) => name === key);
    if (part === undefined) return null;
    return {
      title: part.label,
      lines: [
        { label: unitWords(data.unit), text: exact(part.value, data.unit), color: part.color },
        { label: "Share", text: rate(shareOf(part.value, data)) },
      ],
    };
  },
};

function wholeOf({ parts }: Shares): number {
  return parts.reduce((sum, { value }) => sum + Math.max(0, toNumber(value) ?? 0), 0);
}

function shareOf(value: Value, data: Shares): number | null {
  const whole = wholeOf(data);
  const number = toNumber(value);
  return number === null || whole === 0 ? null : number / whole;
}
