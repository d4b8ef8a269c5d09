export { overTime } from "./over-time.ts";
export { seriesOverTime } from "./series-over-time.ts";
