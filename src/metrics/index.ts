export * from "./types.ts";
export { ask } from "./ask.ts";
export { metrics, findMetric } from "./catalog/index.ts";
export type { Metric } from "./define.ts";
export { dimensions, findDimension } from "./dimensions.ts";
export type { Dimension } from "./dimensions.ts";
export { exports, findExport } from "./exports.ts";
export type { Export } from "./exports.ts";
