import { defineStream } from "../define-stream.ts";
import { bucketRecords } from "./buckets.ts";
import {
  cutRows,
  cutTable,
  legacyReport,
  MESSAGES_DOCS,
  MESSAGES_ENDPOINT,
  messagesRequest,
} from "./messages-report.ts";

const GROUPS = ["workspace_id", "api_key_id", "model", "service_tier", "inference_geo"] as const;

export const usageByKeyTable = cutTable({
  name: "usage_by_key",
  doc: "Tokens a day by workspace, API key, model, service tier and inference geography.",
  dims: {
    workspace_id: "workspace",
    api_key_id: "api_key",
    model: "model",
    service_tier: "service_tier",
    inference_geo: "inference_geo",
  },
  distribute: "api_key_id",
  rollup: { name: "usage_by_key_daily", by: ["model", "workspace_id", "service_tier"] },
});

export const usageByKey = defineStream({
  name: "usage_by_key",
  title: "Messages usage by API key",
  endpoint: MESSAGES_ENDPOINT,
  docs: MESSAGES_DOCS,
  shape: legacyReport,
  paging: "report",
  requests: (window, known) => messagesRequest(window, known, GROUPS),
  records: (body, request, odd) => bucketRecords(body, request, GROUPS, odd),
  tables: [usageByKeyTable],
  rows: (record, problem) => cutRows(usageByKeyTable, GROUPS, record, problem),
});
