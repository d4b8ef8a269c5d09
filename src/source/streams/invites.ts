import { listStream, listTable, type ListSpec } from "./list.ts";

const spec: ListSpec = {
  name: "invites",
  title: "Invites",
  endpoint: "GET /v1/organizations/invites",
  path: "/v1/organizations/invites",
  docs: "https://platform.claude.com/docs/en/api/admin/invites/list",
  doc: "Invitations to the organization, deleted ones excepted.",
  columns: {
    email: ["email", "required"],
    role: ["role", "required"],
    status: ["status", "required"],
    invited_at: ["invited_at", "required"],
    expires_at: ["expires_at", "required"],
    // Since July 2026.
    accepted_at: ["accepted_at", "optional"],
  },
};

export const invitesTable = listTable(spec);
export const invites = listStream(spec, invitesTable);
