import { dayIndex } from "./calendar.ts";
import { TOOLS, type Cell, type CodeDims } from "./cell.ts";
import type { Days } from "./days.ts";
import { centsFromPico, picoOf, tokensOf } from "./money.ts";
import type { Overlay } from "./overlay.ts";
import { modelOf, ratesOf } from "./prices.ts";
import type { Setting } from "./setting.ts";
import type { ClaudeCodeRecord } from "./types.ts";

interface Sums {
  readonly naming: string;
  readonly code: CodeDims;
  sessions: number;
  added: number;
  removed: number;
  commits: number;
  pullRequests: number;
  readonly tools: number[];
  readonly models: Map<string, { tokens: number[]; pico: bigint }>;
}

/** `GET /usage_report/claude_code`: the records of one day, by actor and then terminal. */
export function claudeCode(
  setting: Setting,
  days: Days,
  overlay: Overlay,
  day: string,
  now: number,
): ClaudeCodeRecord[] {
  const index = dayIndex(day);
  const records = new Map<string, Sums>();
  for (const cell of days.seen(index, "claude_code", now).cells) {
    const { code } = cell.dims;
    if (code === null) continue;
    const naming = namingOf(code);
    let sums = records.get(naming);
    if (sums === undefined) {
      sums = emptySums(naming, code);
      records.set(naming, sums);
    }
    add(sums, cell, index);
  }
  const sorted = [...records.values()].toSorted((a, b) => (a.naming < b.naming ? -1 : 1));
  const factor = overlay.factorOf(index, "claude_code");
  return overlay.survivors(index, "claude_code", sorted).map((sums) => recordOf(setting, day, sums, factor));
}

/** The natural key within a day. Two keys of one name are one actor here: the report knows names only. */
function namingOf(code: CodeDims): string {
  return [
    code.actorKind,
    code.actorName,
    code.customerType,
    code.subscriptionType ?? "",
    code.terminal,
    code.isRemote,
  ].join("|");
}

function emptySums(naming: string, code: CodeDims): Sums {
  const tools = TOOLS.flatMap(() => [0, 0]);
  return { naming, code, sessions: 0, added: 0, removed: 0, commits: 0, pullRequests: 0, tools, models: new Map() };
}

function add(sums: Sums, cell: Cell, day: number): void {
  const { work } = cell;
  if (work !== null) {
    sums.sessions += work.sessions;
    sums.added += work.added;
    sums.removed += work.removed;
    sums.commits += work.commits;
    sums.pullRequests += work.pullRequests;
    for (const [at, count] of work.tools.entries()) sums.tools[at] = (sums.tools[at] ?? 0) + count;
  }
  const { model, speed } = cell.dims;
  const known = sums.models.get(model) ?? { tokens: [0, 0, 0, 0, 0], pico: 0n };
  const tokens = tokensOf(cell);
  for (const [at, count] of tokens.entries()) known.tokens[at] = (known.tokens[at] ?? 0) + count;
  // The estimate follows the standard or fast list price; it knows nothing of geography, searches or discounts.
  known.pico += picoOf(tokens, ratesOf(modelOf(model), day, { isBatch: false, isUs: false, isFast: speed === "fast" }));
  sums.models.set(model, known);
}

function recordOf(setting: Setting, day: string, sums: Sums, factor: number): ClaudeCodeRecord {
  const { code } = sums;
  const scale = (count: number): number => Math.round(count * factor);
  return {
    date: `${day}T00:00:00Z`,
    organization_id: setting.organizationId,
    actor:
      code.actorKind === "user_actor"
        ? { type: "user_actor", email_address: code.actorName }
        : { type: "api_actor", api_key_name: code.actorName },
    customer_type: code.customerType,
    subscription_type: code.subscriptionType,
    terminal_type: code.terminal,
    is_remote: code.isRemote,
    core_metrics: {
      num_sessions: scale(sums.sessions),
      lines_of_code: { added: scale(sums.added), removed: scale(sums.removed) },
      commits_by_claude_code: scale(sums.commits),
      pull_requests_by_claude_code: scale(sums.pullRequests),
    },
    tool_actions: toolActions(sums.tools.map(scale)),
    model_breakdown: [...sums.models].map(([model, { tokens, pico }]) => {
      const [input = 0, write5m = 0, write1h = 0, read = 0, output = 0] = tokens;
      const scaledPico = factor === 1 ? pico : (pico * BigInt(Math.round(factor * 1e6))) / 1_000_000n;
      return {
        model,
        tokens: {
          input: scale(input),
          output: scale(output),
          cache_read: scale(read),
          cache_creation: scale(write5m + write1h),
        },
        estimated_cost: { amount: Number(centsFromPico(scaledPico)), currency: "USD" as const },
      };
    }),
  };
}

/** Tools without any decision are left out, except for the edit tool of a day with another one. */
function toolActions(tools: readonly number[]): ClaudeCodeRecord["tool_actions"] {
  const hasAny = tools.some((count) => count > 0);
  return Object.fromEntries(
    TOOLS.map((tool, at) => [tool, { accepted: tools[2 * at] ?? 0, rejected: tools[2 * at + 1] ?? 0 }] as const).filter(
      ([tool, { accepted, rejected }]) => accepted + rejected > 0 || (hasAny && tool === "edit_tool"),
    ),
  );
}
