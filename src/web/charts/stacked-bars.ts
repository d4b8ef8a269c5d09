import * as Plot from "@observablehq/plot";

import { toNumber } from "../format/index.ts";
import type { Chart } from "./drawing.ts";
import { points, tableOverTime, tipOverTime, type OverTime } from "./over-time.ts";
import { bucketsMarked, drawOverTime } from "./time-frame.ts";

/** Amounts over time that add up, split into at most nine series. */
export const stackedBars: Chart<OverTime> = {
  draw: (data, canvas) => {
    const sums = data.buckets.map((_, at) =>
      data.series.reduce((sum, { values }) => sum + Math.max(0, toNumber(values[at] ?? null) ?? 0), 0),
    );
    const drops = data.buckets.map((_, at) =>
      data.series.reduce((sum, { values }) => sum + Math.min(0, toNumber(values[at] ?? null) ?? 0), 0),
    );
    const before = (data.previous?.values ?? []).map((value) => toNumber(value) ?? 0);
    const bars = data.series.flatMap(({ name, color, values }) =>
      points(data.buckets, values)
        .filter(({ value }) => !Number.isNaN(value) && value !== 0)
        .map((point) => ({ ...point, name, color })),
    );
    const open = new Set(bucketsMarked(data, "provisional", "partial"));
    const partial = new Set(bucketsMarked(data, "partial"));
    const covers = data.buckets.flatMap((bucket, at) => (open.has(bucket) ? [{ bucket, value: sums[at] ?? 0 }] : []));
    return drawOverTime(data, canvas, {
      most: Math.max(0, ...sums, ...before),
      least: Math.min(0, ...drops),
      marks: [
        Plot.cell(bucketsMarked(data, "missing"), { x: (bucket: string) => bucket, fill: "url(#hatch-ground)" }),
        Plot.barY(bars, {
          x: "bucket",
          y: "value",
          fill: "color",
          order: data.series.map(({ name }) => name),
          z: "name",
          fillOpacity: ({ bucket }: { bucket: string }) => (partial.has(bucket) ? 0.45 : 1),
          insetTop: 0.5,
        }),
        Plot.barY(covers, { x: "bucket", y: "value", fill: "url(#hatch-over)" }),
        data.previous === undefined
          ? null
          : Plot.tickY(
              points(data.buckets, data.previous.values).filter(({ value }) => !Number.isNaN(value)),
              { x: "bucket", y: "value", stroke: "var(--ink-2)", strokeWidth: 1.5, strokeDasharray: "3,2" },
            ),
      ],
    });
  },
  table: tableOverTime,
  tip: tipOverTime,
};
