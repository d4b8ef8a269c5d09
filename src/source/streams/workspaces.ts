import { listStream, listTable, type ListSpec } from "./list.ts";

const spec: ListSpec = {
  name: "workspaces",
  title: "Workspaces",
  endpoint: "GET /v1/organizations/workspaces",
  path: "/v1/organizations/workspaces",
  // Without these the archived ones, which stay in the reports, and the default one are missing.
  query: [
    ["include_archived", "true"],
    ["include_default", "true"],
  ],
  docs: "https://platform.claude.com/docs/en/api/admin/workspaces/list",
  doc: "Workspaces, archived and default included.",
  columns: {
    name: ["name", "required"],
    created_at: ["created_at", "required"],
    archived_at: ["archived_at", "optional"],
    // The object has no flag. The default workspace is always called Default and cannot be renamed.
    is_default: ({ data }) => String(data["name"] === "Default"),
  },
};

export const workspacesTable = listTable(spec);
export const workspaces = listStream(spec, workspacesTable);
