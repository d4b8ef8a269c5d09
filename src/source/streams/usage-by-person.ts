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

const GROUPS = ["account_id", "service_account_id", "model", "context_window", "speed"] as const;

export const usageByPersonTable = cutTable({
  name: "usage_by_person",
  doc: "Tokens a day by account, service account, model, context window and speed.",
  dims: {
    account_id: "account",
    service_account_id: "service_account",
    model: "model",
    context_window: "context_window",
    speed: "speed",
  },
  distribute: "account_id",
  rollup: { name: "usage_by_person_daily", by: ["model", "context_window", "speed"] },
});

export const usageByPerson = defineStream({
  name: "usage_by_person",
  title: "Messages usage by person",
  endpoint: MESSAGES_ENDPOINT,
  docs: MESSAGES_DOCS,
  shape: legacyReport,
  paging: "report",
  // Grouping by speed was refused without this header in March 2026; newer pages leave it out, and it does no harm.
  requests: (window, known) => messagesRequest(window, known, GROUPS, "fast-mode-2026-02-01"),
  onRefusal(request, failure) {
    const withoutSpeed = request.query.filter(([name, value]) => !(name === "group_by[]" && value === "speed"));
    if (failure.code !== "source.bad_request" || withoutSpeed.length === request.query.length) return null;
    const { beta: _, ...rest } = request;
    return {
      instead: { ...rest, query: withoutSpeed },
      warning: "upstream refused the speed dimension; read without it",
    };
  },
  records: (body, request, odd) => bucketRecords(body, request, GROUPS, odd),
  tables: [usageByPersonTable],
  rows: (record, problem) => cutRows(usageByPersonTable, GROUPS, record, problem),
});
