import { defineTable, dim, REFERENCE, text } from "../../domain/index.ts";
import { defineStream } from "../define-stream.ts";
import { keyPart, objectsOf, textAt } from "../read.ts";
import { dataOf, organizationOf } from "../request.ts";
import { eachWorkspace, skipWorkspace, workspaceOf } from "./each-workspace.ts";

export const workspaceMembersTable = defineTable({
  name: "workspace_members",
  doc: "Who belongs to which workspace, with the role there. The default workspace has no such list.",
  key: ["organization_id", "workspace_id", "user_id"],
  columns: { organization_id: dim("organization"), workspace_id: text(), user_id: text(), workspace_role: text() },
  distribute: REFERENCE,
});

export const workspaceMembers = defineStream({
  name: "workspace_members",
  title: "Workspace members",
  endpoint: "GET /v1/organizations/workspaces/{workspace_id}/members",
  docs: "https://platform.claude.com/docs/en/api/admin/workspaces/members/list",
  shape: { kind: "list", after: ["workspaces"] },
  paging: "by_id",
  requests: (_, known) => eachWorkspace(known, "members", [["limit", "1000"]]),
  onRefusal: skipWorkspace,
  records: (body, request, odd) =>
    objectsOf(dataOf(body), (what) => odd(`data: ${what}`)).map((data) => ({
      day: null,
      key: [organizationOf(request), data["workspace_id"] ?? workspaceOf(request), keyPart(data, "user_id")],
      data,
    })),
  tables: [workspaceMembersTable],
  rows(record, problem) {
    const inKey = record.key[1];
    const workspaceId = typeof inKey === "string" ? inKey : textAt(record.data, "workspace_id", problem, "required");
    const userId = textAt(record.data, "user_id", problem, "required");
    if (workspaceId === null || userId === null) return [];
    return [
      {
        table: workspaceMembersTable,
        values: {
          organization_id: record.organizationId,
          workspace_id: workspaceId,
          user_id: userId,
          workspace_role: textAt(record.data, "workspace_role", problem, "required"),
        },
      },
    ];
  },
});
