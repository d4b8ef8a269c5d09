import { picoUsdFromDollars } from "../domain/index.ts";
import type { Truth } from "../emulator/index.ts";
import { catalog, runOperation, type OperationContext } from "../operations/index.ts";

type Question = Parameters<Awaited<ReturnType<typeof catalog.report>>["run"]>[1];

/** One total, asked of Bursar as anybody would, beside what the generator says it must be. */
export interface Compared {
  readonly what: string;
  readonly unit: "usd" | "count";
  readonly answered: string | null;
  readonly truth: string;
  readonly agrees: boolean;
}

interface Line {
  readonly what: string;
  readonly unit: Compared["unit"];
  readonly ask: Omit<Question, "from" | "to">;
  readonly truth: (truth: Truth) => number | string;
}

const count = (what: string, metric: string, truth: Line["truth"], more: Partial<Question> = {}): Line => ({
  what,
  unit: "count",
  ask: { metric, population: "all", ...more },
  truth,
});

const money = (what: string, kind: "estimated" | "notional" | "list" | "net", truth: Line["truth"]): Line => ({
  what,
  unit: "usd",
  ask: { metric: "cost", kind, population: "all" },
  truth,
});

const LINES: readonly Line[] = [
  money("cost, net", "net", ({ analytics }) => analytics.amount_usd),
  money("cost, list", "list", ({ analytics }) => analytics.list_usd),
  money("Claude Code, estimated", "estimated", ({ claude_code: code }) => code.estimated_usd),
  money("Claude Code, notional", "notional", ({ claude_code: code }) => code.notional_usd),
  count("output tokens", "output_tokens", ({ messages }) => messages.output_tokens, { source: "messages" }),
  count("cache read tokens", "cache_read_tokens", ({ messages }) => messages.cache_read_input_tokens, {
    source: "messages",
  }),
  count(
    "cache creation tokens",
    "cache_creation_tokens",
    ({ messages }) => messages.cache_creation_5m_input_tokens + messages.cache_creation_1h_input_tokens,
    { source: "messages" },
  ),
  count("web searches", "web_searches", ({ messages }) => messages.web_search_requests, { source: "messages" }),
  count("requests", "requests", ({ analytics }) => analytics.requests),
  count("Claude Code sessions", "sessions", ({ claude_code: code }) => code.sessions),
  count("commits", "commits", ({ claude_code: code }) => code.commits),
  count("pull requests", "pull_requests", ({ claude_code: code }) => code.pull_requests),
  count("lines added", "lines_added", ({ claude_code: code }) => code.lines_added),
  count("lines removed", "lines_removed", ({ claude_code: code }) => code.lines_removed),
  count("actions accepted", "actions_accepted", ({ claude_code: code }) => code.actions_accepted),
  count("actions rejected", "actions_rejected", ({ claude_code: code }) => code.actions_rejected),
  count("active people", "active_users", ({ claude_code: code }) => code.active_users, { population: "humans" }),
];

/** Asks for every total of the summary over the whole history. */
export async function compareWithTruth(context: OperationContext, truth: Truth): Promise<Compared[]> {
  const operation = await catalog.report();
  const compared: Compared[] = [];
  for (const { what, unit, ask, truth: truthOf } of LINES) {
    const { total } = await runOperation(context, operation, { ...ask, from: truth.from, to: truth.to });
    const answered = total.value === null ? null : String(total.value);
    const wanted = String(truthOf(truth));
    const agrees = answered !== null && (unit === "usd" ? sameMoney(answered, wanted) : answered === wanted);
    compared.push({ what, unit, answered, truth: wanted, agrees });
  }
  return compared;
}

function sameMoney(a: string, b: string): boolean {
  return picoUsdFromDollars(a).picoUsd === picoUsdFromDollars(b).picoUsd;
}
