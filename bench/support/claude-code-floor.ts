/**
 * The floor of a Claude Code back-fill: a bare loop that fetches the same pages one after another and inserts the same
 * rows into SQLite, one `synchronous=FULL` transaction a day. No ledger, no versions, no checks.
 */
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

import { request } from "undici";

interface Row {
  actor: { type: string; email_address?: string; api_key_name?: string };
  customer_type: string;
  subscription_type: string | null;
  terminal_type: string;
  is_remote: boolean;
  core_metrics: {
    num_sessions: number;
    lines_of_code: { added: number; removed: number };
    commits_by_claude_code: number;
    pull_requests_by_claude_code: number;
  };
  tool_actions: Record<string, { accepted: number; rejected: number }>;
  model_breakdown: {
    model: string;
    tokens: { input: number; output: number; cache_read: number; cache_creation: number };
    estimated_cost: { amount: number; currency: string };
  }[];
}

export interface FloorReport {
  readonly seconds: number;
  readonly pages: number;
  readonly rows: number;
  readonly modelRows: number;
}

export async function claudeCodeFloor(
  url: string,
  key: string,
  days: readonly string[],
  dir: string,
): Promise<FloorReport> {
  const db = new DatabaseSync(join(dir, "floor.db"));
  db.exec("pragma journal_mode = wal; pragma synchronous = full");
  const keyed =
    "day text, actor text, customer_type text, subscription_type text, terminal_type text, is_remote integer";
  const key6 = "day, actor, customer_type, subscription_type, terminal_type, is_remote";
  db.exec(
    `create table activity (${keyed}, sessions, added, removed, commits, prs, primary key (${key6})) without rowid`,
  );
  db.exec(`create table tools (${keyed}, tool text, accepted, rejected, primary key (${key6}, tool)) without rowid`);
  db.exec(
    `create table models (${keyed}, model text, input, output, cache_read, cache_creation, cents, primary key (${key6}, model)) without rowid`,
  );
  const activity = db.prepare("insert into activity values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const tools = db.prepare("insert into tools values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const models = db.prepare("insert into models values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  let pages = 0;
  let rows = 0;
  let modelRows = 0;
  const startedAt = performance.now();
  for (const day of days) {
    db.exec("begin immediate");
    let page = "";
    do {
      const target = `${url}/v1/organizations/usage_report/claude_code?starting_at=${day}&limit=1000${page}`;
      const answer = await request(target, { headers: { "x-api-key": key, "anthropic-version": "2023-06-01" } });
      const body = JSON.parse(await answer.body.text()) as { data: Row[]; has_more: boolean; next_page: string | null };
      pages += 1;
      for (const row of body.data) {
        const actor = row.actor.email_address ?? row.actor.api_key_name ?? "";
        const remote = row.is_remote ? 1 : 0;
        const at = [day, actor, row.customer_type, row.subscription_type ?? "", row.terminal_type, remote] as const;
        const core = row.core_metrics;
        const { added, removed } = core.lines_of_code;
        activity.run(
          ...at,
          core.num_sessions,
          added,
          removed,
          core.commits_by_claude_code,
          core.pull_requests_by_claude_code,
        );
        for (const [tool, { accepted, rejected }] of Object.entries(row.tool_actions))
          tools.run(...at, tool, accepted, rejected);
        for (const { model, tokens, estimated_cost } of row.model_breakdown) {
          const { input, output, cache_read, cache_creation } = tokens;
          models.run(...at, model, input, output, cache_read, cache_creation, estimated_cost.amount);
          modelRows += 1;
        }
        rows += 1;
      }
      page = body.has_more && body.next_page !== null ? `&page=${encodeURIComponent(body.next_page)}` : "";
    } while (page !== "");
    db.exec("commit");
  }
  const seconds = (performance.now() - startedAt) / 1000;
  db.close();
  return { seconds, pages, rows, modelRows };
}
