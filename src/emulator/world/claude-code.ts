import { dayIndex, dayText } from "./calendar.ts";
import { TOOLS, type Cell, type CodeDims } from "./cell.ts";
import type { Days } from "./days.ts";
import { centsFromPico, picoOf, tokensOf } from "./money.ts";
import type { Overlay } from "./overlay.ts";
import { modelOf, ratesOf, type Rates } from "./prices.ts";
import type { Setting } from "./setting.ts";
import type { ClaudeCodeRecord } from "./types.ts";

/** Tokens by speed, in the order of `TOKEN_TYPES`. */
interface ModelSums {
  readonly standard: number[];
  readonly fast: number[];
}

interface Sums {
  readonly naming: string;
  readonly code: CodeDims;
  sessions: number;
  added: number;
  removed: number;
  commits: number;
  pullRequests: number;
  readonly tools: number[];
  readonly models: Map<string, ModelSums>;
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
    add(sums, cell);
  }
  const sorted = [...records.values()].toSorted((a, b) => (a.naming < b.naming ? -1 : 1));
  const factor = overlay.factorOf(index, "claude_code");
  return overlay.survivors(index, "claude_code", sorted).map((sums) => recordOf(setting, index, sums, factor));
}

const namings = new WeakMap<CodeDims, string>();

/** The natural key within a day. Two keys of one name are one actor here: the report knows names only. */
function namingOf(code: CodeDims): string {
  let naming = namings.get(code);
  if (naming === undefined) namings.set(code, (naming = nameRecord(code)));
  return naming;
}

function nameRecord(code: CodeDims): string {
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

function add(sums: Sums, cell: Cell): void {
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
  let known = sums.models.get(model);
  if (known === undefined) sums.models.set(model, (known = { standard: [0, 0, 0, 0, 0], fast: [0, 0, 0, 0, 0] }));
  const tokens = known[speed];
  tokensOf(cell).forEach((count, at) => (tokens[at] = (tokens[at] ?? 0) + count));
}

function recordOf(setting: Setting, day: number, sums: Sums, factor: number): ClaudeCodeRecord {
  const { code } = sums;
  const scale = (count: number): number => Math.round(count * factor);
  return {
    date: `${dayText(day)}T00:00:00Z`,
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
    model_breakdown: [...sums.models].map(([model, tokens]) => modelOfRecord(model, day, tokens, factor)),
  };
}

function modelOfRecord(
  model: string,
  day: number,
  { standard, fast }: ModelSums,
  factor: number,
): ClaudeCodeRecord["model_breakdown"][number] {
  const sum = (at: number): number => (standard[at] ?? 0) + (fast[at] ?? 0);
  const scale = (count: number): number => Math.round(count * factor);
  return {
    model,
    tokens: {
      input: scale(sum(0)),
      output: scale(sum(4)),
      cache_read: scale(sum(3)),
      cache_creation: scale(sum(1) + sum(2)),
    },
    estimated_cost: { amount: estimateOf(model, day, { standard, fast }, factor), currency: "USD" },
  };
}

/** Whole cents at the standard or fast list price. The estimate knows nothing of geography, searches or discounts. */
function estimateOf(model: string, day: number, { standard, fast }: ModelSums, factor: number): number {
  const rates = (isFast: boolean): Rates => ratesOf(modelOf(model), day, { isBatch: false, isUs: false, isFast });
  let pico = picoOf(standard, rates(false));
  if (fast.some((count) => count > 0)) pico += picoOf(fast, rates(true));
  return Number(centsFromPico(factor === 1 ? pico : (pico * BigInt(Math.round(factor * 1e6))) / 1_000_000n));
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
