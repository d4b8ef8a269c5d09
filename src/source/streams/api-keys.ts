import { textAt } from "../read.ts";
import { listStream, listTable, type ListSpec } from "./list.ts";

const spec: ListSpec = {
  name: "api_keys",
  title: "API keys",
  endpoint: "GET /v1/organizations/api_keys",
  path: "/v1/organizations/api_keys",
  docs: "https://platform.claude.com/docs/en/api/admin/api_keys/list",
  doc: "API keys by id and name. Their secrets are never reported.",
  columns: {
    name: ["name", "required"],
    status: ["status", "required"],
    created_at: ["created_at", "required"],
    created_by_id: ["created_by.id", "optional"],
    expires_at: ["expires_at", "optional"],
    partial_key_hint: ["partial_key_hint", "optional"],
    // The scope has the real id of the default workspace, the older member null; only the older one is always there.
    workspace_id: ({ data }, problem) =>
      textAt(data, "scope.workspace_id", problem, "optional") ?? textAt(data, "workspace_id", problem, "optional"),
    // Tagged by kind today; of July and August 2026 a plain id.
    principal_id: ({ data }, problem) =>
      textAt(data, "principal.user_id", problem, "optional") ??
      textAt(data, "principal.service_account_id", problem, "optional") ??
      textAt(data, "principal.id", problem, "optional"),
  },
};

export const apiKeysTable = listTable(spec);
export const apiKeys = listStream(spec, apiKeysTable);
