import { isJsonObject, type Json, type JsonObject, type Row, type RowValue } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import { countAt, describe, flagAt, keyTextAt, member, objectsAt, picoAt, textAt, type Problem } from "../read.ts";
import type { RecordView } from "../types.ts";
import { claudeCodeActivityTable, claudeCodeModelsTable, claudeCodeToolsTable } from "./claude-code-tables.ts";

/** The rows of one activity record: itself, one a model, one a tool. */
export function claudeCodeRows(record: RecordView, problem: Problem): Row[] {
  const { data, day, organizationId } = record;
  if (day === null) {
    problem("date", "is no day");
    return [];
  }
  const actor = actorText(data["actor"], problem);
  const actorKind = keyTextAt(data, "actor.type", problem);
  const own = {
    organization_id: organizationId,
    day,
    actor_kind: actorKind,
    actor,
    customer_type: keyTextAt(data, "customer_type", problem),
    subscription_type: keyTextAt(data, "subscription_type", problem),
    terminal_type: keyTextAt(data, "terminal_type", problem),
    is_remote: flagAt(data, "is_remote", problem),
    service_actor: actorKind === "user_actor" ? null : actor,
  };
  const models = modelsOf(data, problem);
  const tools = toolsOf(data, problem);
  const count = (path: string) => countAt(data, path, problem, "required");
  const activity: Record<string, RowValue> = {
    ...own,
    sessions: count("core_metrics.num_sessions"),
    lines_added: count("core_metrics.lines_of_code.added"),
    lines_removed: count("core_metrics.lines_of_code.removed"),
    commits: count("core_metrics.commits_by_claude_code"),
    pull_requests: count("core_metrics.pull_requests_by_claude_code"),
    actions_accepted: tools && total(tools.values(), ["accepted"]),
    actions_rejected: tools && total(tools.values(), ["rejected"]),
    tokens: models && total(models.values(), TOKENS),
  };
  const rows: Row[] = [{ table: claudeCodeActivityTable, values: activity }];
  for (const [model, sum] of models ?? []) {
    rows.push({ table: claudeCodeModelsTable, values: { ...own, model, ...sum } });
  }
  for (const [tool, decisions] of tools ?? []) {
    rows.push({ table: claudeCodeToolsTable, values: { ...own, tool, ...decisions } });
  }
  return rows;
}

/** `user:E-MAIL`, `key:NAME`, and for kinds that we do not know `KIND:` with the first text they carry. */
function actorText(actor: Json | undefined, problem: Problem): string {
  if (!isJsonObject(actor)) {
    problem("actor", `${describe(actor)} where an object belongs`);
    return `unreadable:${canonicalJson(actor ?? null)}`;
  }
  const { type, ...rest } = actor;
  const email = rest["email_address"];
  const keyName = rest["api_key_name"];
  if (type === "user_actor" && typeof email === "string") return `user:${email}`;
  if (type === "api_actor" && typeof keyName === "string") return `key:${keyName}`;
  if (type === "user_actor" || type === "api_actor") {
    problem(type === "user_actor" ? "actor.email_address" : "actor.api_key_name", "no text");
  }
  const texts = Object.values(rest).filter((value) => typeof value === "string");
  // One text names it; more, or none, and only the whole tells two of them apart.
  const name = texts.length === 1 && Object.keys(rest).length === 1 ? texts[0] : canonicalJson(rest);
  return `${typeof type === "string" ? type : "unknown"}:${name}`;
}

const TOKENS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"] as const;

/** As the columns of the table are named. */
interface ModelSum extends Record<(typeof TOKENS)[number] | "estimated_cost_pico", bigint | null> {
  readonly currency: string | null;
}

/** By model; null when the record has no breakdown. A model that stands twice is added up and told. */
function modelsOf(data: JsonObject, problem: Problem): Map<string | null, ModelSum> | null {
  const entries = objectsAt(data, "model_breakdown", problem, "required");
  if (entries === null) return null;
  const models = new Map<string | null, ModelSum>();
  for (const [index, entry] of entries.entries()) {
    const told: Problem = (path, what, severity) => problem(`model_breakdown.${index}.${path}`, what, severity);
    const model = keyTextAt(entry, "model", told);
    const sum: ModelSum = {
      input_tokens: countAt(entry, "tokens.input", told, "required"),
      output_tokens: countAt(entry, "tokens.output", told, "required"),
      cache_read_tokens: countAt(entry, "tokens.cache_read", told, "required"),
      cache_creation_tokens: countAt(entry, "tokens.cache_creation", told, "required"),
      estimated_cost_pico: picoAt(entry, "estimated_cost.amount", told, "required"),
      currency: textAt(entry, "estimated_cost.currency", told, "required"),
    };
    const before = models.get(model);
    if (before) told("model", "stands twice in one record; added up", "odd");
    models.set(model, before ? added(before, sum, told) : sum);
  }
  return models;
}

function added(a: ModelSum, b: ModelSum, told: Problem): ModelSum {
  const sameCurrency = a.currency === b.currency;
  if (!sameCurrency) told("estimated_cost.currency", "differs from the same model's other entry; cost unknown");
  return {
    input_tokens: sumOf(a.input_tokens, b.input_tokens),
    output_tokens: sumOf(a.output_tokens, b.output_tokens),
    cache_read_tokens: sumOf(a.cache_read_tokens, b.cache_read_tokens),
    cache_creation_tokens: sumOf(a.cache_creation_tokens, b.cache_creation_tokens),
    estimated_cost_pico: sameCurrency ? sumOf(a.estimated_cost_pico, b.estimated_cost_pico) : null,
    currency: sameCurrency ? a.currency : null,
  };
}

/** By tool; null when the record has no map. A tool that is not in it was not used, or not reported. */
function toolsOf(data: JsonObject, problem: Problem) {
  const actions = member(data, "tool_actions");
  if (!isJsonObject(actions)) {
    problem("tool_actions", actions === undefined ? "is missing" : `${describe(actions)} where an object belongs`);
    return null;
  }
  const tools = new Map<string, { readonly accepted: bigint | null; readonly rejected: bigint | null }>();
  for (const tool of Object.keys(actions)) {
    const told: Problem = (path, what, severity) => problem(`tool_actions.${tool}.${path}`, what, severity);
    const decisions = actions[tool];
    const accepted = countAt(decisions, "accepted", told, "required");
    const rejected = countAt(decisions, "rejected", told, "required");
    tools.set(tool, { accepted, rejected });
  }
  return tools;
}

/** The sum of these parts of all items. Null as soon as one is unknown: a sum without it would pass for the whole. */
function total<Part extends string>(
  items: Iterable<Readonly<Record<Part, bigint | null>>>,
  parts: readonly Part[],
): bigint | null {
  let sum: bigint | null = 0n;
  for (const item of items) for (const part of parts) sum = sumOf(sum, item[part]);
  return sum;
}

function sumOf(a: bigint | null, b: bigint | null): bigint | null {
  return a === null || b === null ? null : a + b;
}
