import type { Tool } from "../define-tool.ts";
import { comparePeriodsTool } from "./compare-periods.ts";
import { describeMetricsTool } from "./describe-metrics.ts";
import { explainChangeTool } from "./explain-change.ts";
import { queryMetric } from "./query-metric.ts";

/** Every tool, in the order in which they are listed. */
export const tools: readonly Tool[] = [queryMetric, describeMetricsTool, comparePeriodsTool, explainChangeTool];
