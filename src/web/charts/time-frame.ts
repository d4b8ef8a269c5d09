import * as Plot from "@observablehq/plot";

import { toNumber } from "../format/index.ts";
import {
  addHatches,
  axisLabel,
  axisTicks,
  bucketLabel,
  plot,
  tickBuckets,
  type Canvas,
  type Drawn,
  type Region,
} from "./drawing.ts";
import type { OverTime } from "./over-time.ts";

export const MARGINS = { top: 28, right: 12, bottom: 26, left: 52 };

/** Axes, grid, the period before and the levels: what lines and stacked bars share. */
export function drawOverTime(
  data: OverTime,
  canvas: Canvas,
  {
    most,
    least = 0,
    marks,
    marginRight = MARGINS.right,
    padding = data.buckets.length > 60 ? 0.1 : 0.22,
  }: {
    most: number;
    least?: number;
    marks: Plot.Markish[];
    marginRight?: number;
    /** Between the buckets, as a part of their step. */
    padding?: number;
  },
): Drawn {
  const { buckets, unit, level } = data;
  const inner = canvas.width - MARGINS.left - marginRight;
  const { ticks, tickFormat } = axisTicks(unit, most, canvas.height);
  const svg = plot(canvas, {
    marginTop: MARGINS.top,
    marginRight,
    marginBottom: MARGINS.bottom,
    marginLeft: MARGINS.left,
    x: { type: "band", domain: [...buckets], padding },
    y: { domain: [least, Math.max(most, level?.value ?? 0) || 1], nice: ticks },
    marks: [
      Plot.gridY({ ticks, stroke: "var(--line)", strokeOpacity: 1 }),
      ...marks,
      Plot.ruleY([0], { stroke: "var(--line-strong)" }),
      level === undefined
        ? null
        : [
            Plot.ruleY([level.value], { stroke: "var(--ink)", strokeWidth: 1.5, strokeDasharray: "2,3" }),
            Plot.text([level], {
              y: "value",
              text: "label",
              frameAnchor: "right",
              textAnchor: "end",
              dy: -8,
              fill: "var(--ink)",
              // It stands on whatever is drawn there.
              stroke: "var(--surface)",
              strokeWidth: 4,
            }),
          ],
      Plot.axisY({ ticks, tickFormat, tickSize: 0, label: null, fill: "var(--ink-3)" }),
      Plot.axisX({
        ticks: tickBuckets(buckets, inner),
        tickFormat: bucketLabel,
        tickSize: 4,
        stroke: "var(--line-strong)",
        label: null,
        fill: "var(--ink-3)",
      }),
      Plot.text([axisLabel(data)], {
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: -MARGINS.left,
        dy: -MARGINS.top + 4,
        lineAnchor: "top",
        fill: "var(--ink-3)",
      }),
    ],
  });
  addHatches(svg, canvas.document);
  return { svg, regions: bucketRegions(buckets, canvas, inner) };
}

/** Where hatching stands: buckets of which a part may still change, and those that were never collected. */
export function bucketsMarked(data: OverTime, ...wanted: OverTime["marks"][number][]): string[] {
  return data.buckets.filter((_, at) => wanted.includes(data.marks[at] ?? "settled"));
}

/** The largest single value of all series, and of the period before. */
export function highest(data: OverTime): number {
  const all = [...data.series.map(({ values }) => values), data.previous?.values ?? []].flat();
  return Math.max(0, ...all.map((value) => toNumber(value) ?? 0));
}

/** A whole column can be pointed at, however short its bar is. */
function bucketRegions(buckets: readonly string[], canvas: Canvas, inner: number): Region[] {
  const width = inner / Math.max(1, buckets.length);
  return buckets.map((key, at) => ({
    key,
    x: MARGINS.left + at * width,
    y: MARGINS.top,
    width,
    height: canvas.height - MARGINS.top - MARGINS.bottom,
  }));
}
