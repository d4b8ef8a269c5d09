import { count, defineTable, dim, pico } from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { countAt, keyTextAt, picoAt, textAt } from "../read.ts";
import {
  ANALYTICS_GROUPS,
  analyticsColumns,
  analyticsRecords,
  analyticsReport,
  analyticsRequest,
  analyticsRow,
  figuresUnder,
  group,
} from "./analytics-report.ts";
import { refreshedAt } from "./buckets.ts";

/** Cost type and token type do not count towards the five dimensions. */
const GROUPS = [...ANALYTICS_GROUPS, "cost_type", "token_type"] as const;

export const analyticsCostTable = defineTable({
  name: "analytics_cost",
  doc: "Cost a day after discounts, and at list price, by actor, API key, workspace, model, product and kind (beta).",
  key: ["organization_id", "day", ...GROUPS],
  columns: {
    ...analyticsColumns,
    cost_type: dim("cost_type"),
    token_type: dim("token_type"),
    currency: dim("currency"),
    amount_pico: pico(),
    list_amount_pico: pico(),
    requests: count(),
  },
  distribute: "actor",
  rollups: [
    {
      name: "analytics_cost_daily",
      by: ["organization_id", "day", "workspace_id", "model", "product", "cost_type", "token_type", "currency"],
      sums: ["amount_pico", "list_amount_pico", "requests"],
    },
  ],
});

export const analyticsCost = defineStream({
  name: "analytics_cost",
  title: "Cost analytics (beta)",
  endpoint: "GET /v1/organizations/analytics/cost",
  docs: "https://platform.claude.com/docs/en/api/admin/analytics/cost/list",
  shape: analyticsReport,
  paging: "report",
  requests: (window, known) => analyticsRequest("/v1/organizations/analytics/cost", GROUPS, window, known),
  records: (body, request, odd) => analyticsRecords(body, request, GROUPS, odd),
  refreshedAt,
  tables: [analyticsCostTable],
  rows: (record, problem) =>
    analyticsRow(analyticsCostTable, record, problem, () => {
      const [cost, told] = figuresUnder(record.data, "cost", problem);
      return {
        cost_type: keyTextAt(group(record.data), "cost_type", problem),
        token_type: keyTextAt(group(record.data), "token_type", problem),
        currency: textAt(cost, "currency", told, "required"),
        amount_pico: picoAt(cost, "amount", told, "required"),
        list_amount_pico: picoAt(cost, "list_amount", told, "required"),
        requests: countAt(cost, "requests", told, "optional"),
      };
    }),
});
