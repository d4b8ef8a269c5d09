import { defineStream } from "../define-stream.ts";
import { textAt } from "../read.ts";
import { ask, organizationOf } from "../request.ts";
import { keyPart } from "../read.ts";
import { listTable } from "./list.ts";

export const organizationsTable = listTable({
  name: "organizations",
  doc: "The organizations that are read.",
  columns: { name: ["name", "required"] },
});

export const organization = defineStream({
  name: "organization",
  title: "Organization",
  endpoint: "GET /v1/organizations/me",
  docs: "https://platform.claude.com/docs/en/api/admin/organizations/me",
  shape: { kind: "list", after: [] },
  paging: "single",
  requests: (_, known) => [ask(known, "/v1/organizations/me")],
  records: (body, request) => [{ day: null, key: [organizationOf(request), keyPart(body, "id")], data: body }],
  tables: [organizationsTable],
  rows(record, problem) {
    const id = textAt(record.data, "id", problem, "required");
    if (id === null) return [];
    const name = textAt(record.data, "name", problem, "required");
    return [{ table: organizationsTable, values: { organization_id: record.organizationId, id, name } }];
  },
});
