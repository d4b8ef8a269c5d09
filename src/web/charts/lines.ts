import * as Plot from "@observablehq/plot";

import type { Chart } from "./drawing.ts";
import { cut } from "./drawing.ts";
import { points, tableOverTime, tipOverTime, type OverTime } from "./over-time.ts";
import { bucketsMarked, drawOverTime, highest, MARGINS } from "./time-frame.ts";

/** Figures over time that do not add up: people, rates. The period before is dashed. */
export const lines: Chart<OverTime> = {
  draw: (data, canvas) => {
    const most = highest(data);
    const direct = labelsDirectly(data, canvas.width);
    const marginRight = direct ? 112 : MARGINS.right;
    const partial = new Set(bucketsMarked(data, "partial"));
    const open = bucketsMarked(data, "provisional", "partial", "missing");
    const ends = direct ? endLabels(data, most, canvas.height - MARGINS.top - MARGINS.bottom) : [];
    return drawOverTime(data, canvas, {
      most,
      marginRight,
      padding: 0,
      marks: [
        // The ground behind, since a line has no body that could be hatched.
        Plot.cell(open, { x: (bucket: string) => bucket, fill: "url(#hatch-ground)" }),
        data.previous === undefined
          ? null
          : Plot.lineY(points(data.buckets, data.previous.values), {
              x: "bucket",
              y: "value",
              stroke: "var(--c-previous)",
              strokeDasharray: "4,3",
              strokeWidth: 1.5,
            }),
        data.series.map(({ color, values }, at) => {
          const all = points(data.buckets, values);
          // A day that is not over would look like a fall: it stands apart, hollow.
          const whole = all.map((point) => (partial.has(point.bucket) ? { ...point, value: Number.NaN } : point));
          const lone = whole.filter(
            ({ value }, i) =>
              !Number.isNaN(value) &&
              Number.isNaN(whole[i - 1]?.value ?? Number.NaN) &&
              Number.isNaN(whole[i + 1]?.value ?? Number.NaN),
          );
          return [
            Plot.lineY(whole, {
              x: "bucket",
              y: "value",
              stroke: color,
              strokeWidth: 2,
              ...(DASHES[at] === undefined ? {} : { strokeDasharray: DASHES[at] }),
            }),
            Plot.dot(lone, { x: "bucket", y: "value", fill: color, r: 2.5 }),
            Plot.dot(
              all.filter(({ bucket, value }) => partial.has(bucket) && !Number.isNaN(value)),
              { x: "bucket", y: "value", stroke: color, fill: "var(--surface)", r: 3 },
            ),
          ];
        }),
        Plot.text(ends, {
          frameAnchor: "right",
          y: "at",
          text: "label",
          fill: "var(--ink-2)",
          textAnchor: "start",
          dx: 18,
        }),
        Plot.dot(ends, { frameAnchor: "right", y: "at", fill: "color", r: 3.5, dx: 10, symbol: "square" }),
      ],
    });
  },
  table: tableOverTime,
  tip: tipOverTime,
};

/** Lines told apart by more than colour, from the third on. */
const DASHES = [undefined, undefined, "6,2", "2,2", "8,2,2,2"];

/** Names beside the lines rather than in a legend, where there is room and few of them. */
export function labelsDirectly(data: OverTime, width: number): boolean {
  return data.series.length > 1 && data.series.length <= 4 && width >= 560;
}

/** Where each name stands: at its line's end, pushed apart so that none covers another. */
function endLabels(data: OverTime, most: number, height: number): { label: string; color: string; at: number }[] {
  const apart = ((most || 1) / Math.max(1, height)) * 16;
  const ends = data.series
    .map(({ label, color, values }) => ({
      label: cut(label, 14),
      color,
      at: Number(values.findLast((value) => value !== null) ?? 0),
    }))
    .sort((a, b) => a.at - b.at);
  for (let at = 1; at < ends.length; at += 1) {
    ends[at]!.at = Math.max(ends[at]!.at, ends[at - 1]!.at + apart);
  }
  return ends;
}
