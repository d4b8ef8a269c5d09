import { count, defineTable } from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { countAt } from "../read.ts";
import {
  ANALYTICS_GROUPS,
  analyticsColumns,
  analyticsRecords,
  analyticsReport,
  analyticsRequest,
  analyticsRow,
  figuresUnder,
} from "./analytics-report.ts";
import { refreshedAt } from "./buckets.ts";
import { TOKEN_COUNTS, tokenColumns, tokenCounts } from "./token-counts.ts";

export const analyticsUsageTable = defineTable({
  name: "analytics_usage",
  doc: "Tokens and requests a day by actor, API key, workspace, model and product (beta).",
  key: ["organization_id", "day", ...ANALYTICS_GROUPS],
  columns: { ...analyticsColumns, ...tokenColumns, total_tokens: count(), requests: count() },
  distribute: "actor",
  rollups: [
    {
      name: "analytics_usage_daily",
      by: ["organization_id", "day", "workspace_id", "model", "product"],
      sums: [...TOKEN_COUNTS, "total_tokens", "requests"],
    },
  ],
});

export const analyticsUsage = defineStream({
  name: "analytics_usage",
  title: "Usage analytics (beta)",
  endpoint: "GET /v1/organizations/analytics/usage",
  docs: "https://platform.claude.com/docs/en/api/admin/analytics/usage/list",
  shape: analyticsReport,
  paging: "report",
  requests: (window, known) => analyticsRequest("/v1/organizations/analytics/usage", ANALYTICS_GROUPS, window, known),
  records: (body, request, odd) => analyticsRecords(body, request, ANALYTICS_GROUPS, odd),
  refreshedAt,
  tables: [analyticsUsageTable],
  rows: (record, problem) =>
    analyticsRow(analyticsUsageTable, record, problem, () => {
      const [usage, told] = figuresUnder(record.data, "usage", problem);
      return {
        ...tokenCounts(usage, told),
        total_tokens: countAt(usage, "total_tokens", told, "optional"),
        requests: countAt(usage, "requests", told, "optional"),
      };
    }),
});
