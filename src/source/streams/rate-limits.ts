import {
  count,
  defineTable,
  dim,
  isJsonObject,
  REFERENCE,
  text,
  type Json,
  type JsonObject,
} from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { countAt, describe, member, objectsAt, objectsOf, textAt } from "../read.ts";
import { ask, dataOf, organizationOf } from "../request.ts";
import type { RecordDraft, UpstreamRequest } from "../types.ts";
import { eachWorkspace, skipWorkspace, workspaceOf } from "./each-workspace.ts";

export const rateLimitsTable = defineTable({
  name: "rate_limits",
  doc: "Limits of the Messages API by group of models: of the organization (no workspace), and overrides of workspaces.",
  key: ["organization_id", "workspace_id", "group_id", "limiter"],
  columns: {
    organization_id: dim("organization"),
    workspace_id: dim("workspace"),
    group_id: text(),
    group_type: text(),
    limiter: text(),
    value: count(),
  },
  distribute: REFERENCE,
});

export const rateLimits = defineStream({
  name: "rate_limits",
  title: "Rate limits",
  endpoint: "GET /v1/organizations/rate_limits",
  docs: "https://platform.claude.com/docs/en/api/admin/rate_limits/list",
  shape: { kind: "list", after: ["workspaces"] },
  paging: "cursor",
  requests: (_, known) => [
    ask(known, "/v1/organizations/rate_limits", [["limit", "1000"]]),
    ...eachWorkspace(known, "rate_limits", [["limit", "1000"]]),
  ],
  onRefusal: skipWorkspace,
  records: (body, request, odd) =>
    objectsOf(dataOf(body), (what) => odd(`data: ${what}`)).flatMap((entry) => eachLimiter(entry, request, odd)),
  tables: [rateLimitsTable],
  rows(record, problem) {
    const [, workspace, group] = record.key;
    const limit = objectsAt(record.data, "limits", problem, "required")?.[0];
    const limiter = textAt(
      limit,
      "type",
      (path, what, severity) => problem(`limits.0.${path}`, what, severity),
      "required",
    );
    if (limiter === null || typeof group !== "string") return [];
    const groupType = member(record.data, "group.type") === undefined ? "group_type" : "group.type";
    return [
      {
        table: rateLimitsTable,
        values: {
          organization_id: record.organizationId,
          workspace_id: typeof workspace === "string" ? workspace : null,
          group_id: group,
          group_type: textAt(record.data, groupType, problem, "optional"),
          limiter,
          // Null clears an override; absent is unreadable.
          value: countAt(
            limit,
            "value",
            (path, what, severity) => problem(`limits.0.${path}`, what, severity),
            "optional",
          ),
        },
      },
    ];
  },
});

/** One record a limiter, so that a changed limit is one changed record: the entry with that limiter alone. */
function eachLimiter(entry: JsonObject, request: UpstreamRequest, odd: (what: string) => void): RecordDraft[] {
  const workspace = workspaceOf(request);
  const limits = entry["limits"];
  if (!Array.isArray(limits)) {
    odd(`limits: ${describe(limits)} where a list belongs`);
    return [];
  }
  return objectsOf(limits as readonly Json[], (what) => odd(`limits: ${what}`)).map((limit) => ({
    day: null,
    key: [organizationOf(request), workspace, groupId(entry), limit["type"] ?? null],
    data: { ...entry, limits: [limit] },
  }));
}

/** Entries from before autumn 2026 have no group id; their type and models name the group as well. */
function groupId(entry: JsonObject): string {
  const group = entry["group"];
  if (isJsonObject(group) && typeof group["id"] === "string") return group["id"];
  const type = typeof entry["group_type"] === "string" ? entry["group_type"] : "unknown";
  const models = Array.isArray(entry["models"]) ? (entry["models"] as readonly Json[]) : [];
  const names = models.filter((model) => typeof model === "string");
  return [type, ...names.sort()].join(":");
}
