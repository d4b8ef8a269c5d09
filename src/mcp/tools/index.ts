import type { Tool } from "../define-tool.ts";
import { comparePeriodsTool } from "./compare-periods.ts";
import { describeMetricsTool } from "./describe-metrics.ts";
import { explainChangeTool } from "./explain-change.ts";
import { findPeople } from "./find-people.ts";
import { idlePeople } from "./idle-people.ts";
import { keyHygiene } from "./key-hygiene.ts";
import { listInsightsTool } from "./list-insights.ts";
import { myUsageTool } from "./my-usage.ts";
import { personUsageTool } from "./person-usage.ts";
import { proveRecordTool } from "./prove-record.ts";
import { queryMetric } from "./query-metric.ts";
import { startSync } from "./start-sync.ts";
import { syncStatus } from "./sync-status.ts";
import { verifyLedgerTool } from "./verify-ledger.ts";

/** Every tool, in the order in which they are listed. */
export const tools: readonly Tool[] = [
  queryMetric,
  describeMetricsTool,
  comparePeriodsTool,
  explainChangeTool,
  findPeople,
  personUsageTool,
  myUsageTool,
  listInsightsTool,
  keyHygiene,
  idlePeople,
  syncStatus,
  startSync,
  proveRecordTool,
  verifyLedgerTool,
];
