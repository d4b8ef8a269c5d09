import { day, defineTable, dim, pico, TENANT, type Row } from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { keyTextAt, picoAt, textAt, type Problem } from "../read.ts";
import { ask, bounds, groupBy, spanOf } from "../request.ts";
import type { RecordView } from "../types.ts";
import { bucketRecords } from "./buckets.ts";
import { legacyReport } from "./messages-report.ts";

const GROUPS = ["workspace_id", "description"] as const;

export const costLinesTable = defineTable({
  name: "cost_lines",
  doc: "Cost a day by workspace and line of description. Whether net or list price is not stated by the source.",
  key: ["organization_id", "day", "workspace_id", "description"],
  columns: {
    organization_id: dim("organization"),
    day: day(),
    workspace_id: dim("workspace"),
    description: dim("description"),
    cost_type: dim("cost_type"),
    token_type: dim("token_type"),
    model: dim("model"),
    service_tier: dim("service_tier"),
    context_window: dim("context_window"),
    inference_geo: dim("inference_geo"),
    currency: dim("currency"),
    amount_pico: pico(),
  },
  distribute: TENANT,
  rollups: [
    {
      name: "cost_daily",
      by: ["organization_id", "day", "workspace_id", "model", "cost_type", "token_type", "currency"],
      sums: ["amount_pico"],
    },
  ],
});

export const costReport = defineStream({
  name: "cost_report",
  title: "Cost",
  endpoint: "GET /v1/organizations/cost_report",
  docs: "https://platform.claude.com/docs/en/api/admin/cost_report/retrieve",
  shape: legacyReport,
  paging: "report",
  requests(window, known) {
    const query = [
      ...bounds(spanOf(window)),
      ["bucket_width", "1d"] as const,
      // Without description the source fills in neither model nor cost type.
      ...groupBy(...GROUPS),
      ["limit", "31"] as const,
    ];
    return [ask(known, "/v1/organizations/cost_report", query)];
  },
  records: (body, request, odd) => bucketRecords(body, request, GROUPS, odd),
  tables: [costLinesTable],
  rows: costRows,
});

function costRows({ organizationId, day, data }: RecordView, problem: Problem): Row[] {
  if (day === null) {
    problem("starting_at", "is no instant");
    return [];
  }
  const text = (path: string) => textAt(data, path, problem, "optional");
  return [
    {
      table: costLinesTable,
      values: {
        organization_id: organizationId,
        day,
        workspace_id: keyTextAt(data, "workspace_id", problem),
        description: keyTextAt(data, "description", problem),
        cost_type: text("cost_type"),
        token_type: text("token_type"),
        model: text("model"),
        service_tier: text("service_tier"),
        context_window: text("context_window"),
        inference_geo: text("inference_geo"),
        currency: textAt(data, "currency", problem, "required"),
        amount_pico: picoAt(data, "amount", problem, "required"),
      },
    },
  ];
}
