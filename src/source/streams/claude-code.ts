import { bucketText, dayText, isJsonObject, tryDay, type Json, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { defineStream } from "../define-stream.ts";
import { bucketDay, keyPart, objectsOf } from "../read.ts";
import { ask, askedDay, dataOf, oneDay, organizationOf, spanOf } from "../request.ts";
import type { RecordDraft } from "../types.ts";
import { claudeCodeRows } from "./claude-code-rows.ts";
import { claudeCodeActivityTable, claudeCodeModelsTable, claudeCodeToolsTable } from "./claude-code-tables.ts";

/** Claude Code was first released, as a research preview, on this day; no activity can be older. */
const FIRST_DAY = tryDay("2025-02-24")!;

export const claudeCode = defineStream({
  name: "claude_code",
  title: "Claude Code activity",
  endpoint: "GET /v1/organizations/usage_report/claude_code",
  docs: "https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_claude_code",
  shape: {
    kind: "report",
    // The report takes one day and no end.
    longest: 1,
    earliest: () => FIRST_DAY,
    provisionalDays: 3,
    rereads: [{ days: 3, everyMs: 0 }],
  },
  paging: "report",
  requests: (window, known) => [
    ask(known, "/v1/organizations/usage_report/claude_code", [
      ["starting_at", oneDay(spanOf(window))],
      ["limit", "1000"],
    ]),
  ],
  records: (body, request, odd) => {
    const organizationId = organizationOf(request);
    const asked = askedDay(request);
    const rows = objectsOf(dataOf(body), (what) => odd(`data: ${what}`));
    return rows.map((data) => draft(data, organizationId, bucketDay(data["date"], asked)));
  },
  tables: [claudeCodeActivityTable, claudeCodeModelsTable, claudeCodeToolsTable],
  rows: claudeCodeRows,
});

/** One person has a row for each terminal, customer and subscription type and remoteness: all are in the key. */
function draft(data: JsonObject, organizationId: string, day: number | null): RecordDraft {
  const date = data["date"];
  const isDayStart = typeof date === "string" && day !== null && Date.parse(date) === Date.parse(bucketText(day));
  const { kind, name } = actorOf(data["actor"]);
  return {
    day,
    key: [
      organizationId,
      isDayStart || date === undefined ? (day === null ? null : dayText(day)) : (date ?? null),
      kind,
      name,
      keyPart(data, "customer_type"),
      keyPart(data, "subscription_type"),
      keyPart(data, "terminal_type"),
      keyPart(data, "is_remote"),
    ],
    data,
  };
}

/** The kind of an actor and its e-mail or key name; of unknown kinds, all that is known. Exactly as reported. */
function actorOf(actor: Json | undefined): { kind: Json; name: Json } {
  if (!isJsonObject(actor)) return { kind: null, name: actor ?? null };
  const { type = null, ...rest } = actor;
  if (type === "user_actor" && rest["email_address"] !== undefined) return { kind: type, name: rest["email_address"] };
  if (type === "api_actor" && rest["api_key_name"] !== undefined) return { kind: type, name: rest["api_key_name"] };
  return { kind: type, name: canonicalJson(rest) };
}
