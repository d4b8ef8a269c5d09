import { isJsonObject, numberLiteral, type Json, type JsonObject } from "../../domain/index.ts";
import type { ChangeTarget } from "./define-change.ts";
import { picked, textOf } from "./json-members.ts";

/** What of each object matters for a change: shown before and after, and compared to tell whether it happened. */
export const STATE_OF = {
  user: (user) => picked(user, ["id", "email", "name", "role"]),
  invite: (invite) => picked(invite, ["id", "email", "role", "status", "expires_at"]),
  // When it was archived is for Anthropic's clock to say, and so in no plan.
  workspace: (workspace) => ({
    ...picked(workspace, ["id", "name", "display_color", "tags", "data_residency"]),
    archived: typeof workspace["archived_at"] === "string",
  }),
  workspace_member: (member) => picked(member, ["workspace_id", "user_id", "workspace_role"]),
  api_key: (key) => picked(key, ["id", "name", "status", "expires_at"]),
  rate_limit: (entry) => ({
    ...picked(entry, ["workspace_id", "rate_limit_id"]),
    ...Object.fromEntries([...limitsOf(entry)].map(([type, { own }]) => [type, own])),
  }),
  spend_limit: (limit) => picked(limit, ["id", "scope", "amount", "currency", "period"]),
} as const satisfies Record<ChangeTarget["kind"], (object: JsonObject) => JsonObject>;

export interface RateLimit {
  /** The workspace's own, or null. */
  readonly own: number | null;
  readonly organization: number | null;
}

/** The limiters of a workspace's entry that was asked for with what it inherits. */
export function limitsOf(entry: JsonObject): Map<string, RateLimit> {
  const limits = Array.isArray(entry["limits"]) ? (entry["limits"] as readonly Json[]).filter(isJsonObject) : [];
  return new Map(
    limits.map((limit) => {
      const { source } = limit;
      const isOwn = isJsonObject(source) && source["type"] === "workspace";
      const own = isOwn ? countOf(limit["value"]) : null;
      return [textOf(limit["type"]), { own, organization: countOf(limit["org_limit"]) }];
    }),
  );
}

function countOf(value: Json | undefined): number | null {
  const literal = numberLiteral(value);
  return literal === null ? null : Number(literal);
}
