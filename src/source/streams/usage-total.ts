import { TENANT } from "../../domain/index.ts";
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

export const usageTotalTable = cutTable({
  name: "usage_total",
  doc: "Tokens a day, not split: the total that every cut has to agree with.",
  dims: {},
  distribute: TENANT,
});

export const usageTotal = defineStream({
  name: "usage_total",
  title: "Messages usage in total",
  endpoint: MESSAGES_ENDPOINT,
  docs: MESSAGES_DOCS,
  shape: legacyReport,
  paging: "report",
  requests: (window, known) => messagesRequest(window, known, []),
  records: (body, request, odd) => bucketRecords(body, request, [], odd),
  tables: [usageTotalTable],
  rows: (record, problem) => cutRows(usageTotalTable, [], record, problem),
});
