import { bars } from "./bars.ts";
import type { Chart } from "./drawing.ts";
import { funnel } from "./funnel.ts";
import { heatMap } from "./heat-map.ts";
import { lines } from "./lines.ts";
import { share } from "./share.ts";
import { stackedBars } from "./stacked-bars.ts";

/** Every kind of chart. They come with Plot, and so after the page. */
export const charts = { lines, stackedBars, bars, heatMap, funnel, share } as const;

type DataOf<C> = C extends Chart<infer Data> ? Data : never;

/** A chart to be drawn: its kind, with the data of that kind. */
export type ChartSpec = {
  [K in keyof typeof charts]: { kind: K; data: DataOf<(typeof charts)[K]> };
}[keyof typeof charts];
