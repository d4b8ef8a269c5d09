import { listStream, listTable, type ListSpec } from "./list.ts";

const spec: ListSpec = {
  name: "users",
  title: "Users",
  endpoint: "GET /v1/organizations/users",
  path: "/v1/organizations/users",
  docs: "https://platform.claude.com/docs/en/api/admin/users/list",
  doc: "Members of the organization. Removed ones vanish from the list; their records stay.",
  columns: {
    email: ["email", "required"],
    name: ["name", "required"],
    role: ["role", "required"],
    added_at: ["added_at", "required"],
  },
};

export const usersTable = listTable(spec);
export const users = listStream(spec, usersTable);
