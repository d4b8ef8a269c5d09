/** The rows of the worked example in `docs/metrics.md`, as the Claude Code report would give them. */
import { parseDay } from "../../src/domain/index.ts";
import type { Json, JsonObject } from "../../src/domain/index.ts";
import { cover, keepRecords, ORGANIZATION } from "./metrics-store.ts";
import type { TestRecord, TestStore } from "./metrics-store.ts";

type Tools = Readonly<Record<string, readonly [accepted: number, rejected: number]>>;
type Tokens = readonly [model: string, input: number, output: number, read: number, create: number, cents: number];

/** What an actor did in a terminal on a day, as the Claude Code report gives it. Amounts in cents. */
export function activity(
  date: string,
  actor: string,
  terminal: string,
  [sessions, added, removed, commits, pullRequests]: readonly [number, number, number, number, number],
  tools: Tools,
  models: readonly Tokens[],
): TestRecord {
  const isKey = !actor.includes("@");
  const data: JsonObject = {
    date: `${date}T00:00:00Z`,
    organization_id: ORGANIZATION,
    actor: isKey ? { type: "api_actor", api_key_name: actor } : { type: "user_actor", email_address: actor },
    customer_type: "api",
    subscription_type: null,
    terminal_type: terminal,
    is_remote: false,
    core_metrics: {
      num_sessions: sessions,
      lines_of_code: { added, removed },
      commits_by_claude_code: commits,
      pull_requests_by_claude_code: pullRequests,
    },
    tool_actions: Object.fromEntries(
      Object.entries(tools).map(([tool, [accepted, rejected]]) => [tool, { accepted, rejected }]),
    ),
    model_breakdown: models.map(([model, input, output, read, create, cents]): Json => ({
      model,
      tokens: { input, output, cache_read: read, cache_creation: create },
      estimated_cost: { amount: cents, currency: "USD" },
    })),
  };
  return { day: parseDay(date), key: [ORGANIZATION, date, actor, terminal], data };
}

const OPUS = "claude-opus-5-5";
const SONNET = "claude-sonnet-5-5";
const HAIKU = "claude-haiku-5-5";

export const workedRecords: readonly TestRecord[] = [
  activity("2026-11-02", "ann@x.io", "vscode", [2, 100, 20, 1, 0], { edit_tool: [8, 2] }, [
    [OPUS, 1000, 2000, 50_000, 5000, 300],
  ]),
  activity("2026-11-02", "Ann@X.io", "iTerm.app", [1, 40, 10, 1, 1], { write_tool: [2, 0] }, [
    [SONNET, 500, 800, 10_000, 0, 50],
  ]),
  activity("2026-11-02", "bob@x.io", "vscode", [1, 30, 0, 0, 0], { edit_tool: [3, 1], write_tool: [0, 2] }, [
    [SONNET, 400, 600, 0, 4000, 40],
  ]),
  activity("2026-11-03", "ann@x.io", "vscode", [1, 0, 0, 0, 0], {}, [[OPUS, 200, 100, 0, 0, 10]]),
  activity(
    "2026-11-03",
    "ci-bot",
    "non-interactive",
    [5, 200, 50, 4, 2],
    { edit_tool: [20, 0], multi_edit_tool: [5, 0] },
    [[SONNET, 5000, 9000, 100_000, 20_000, 400]],
  ),
  activity("2026-11-04", "cy@x.io", "Apple_Terminal", [1, 0, 0, 0, 0], {}, [[HAIKU, 0, 0, 0, 0, 0]]),
  activity("2026-11-05", "bob@x.io", "vscode", [2, 60, 15, 1, 1], { edit_tool: [6, 4] }, [
    [OPUS, 900, 1500, 30_000, 3000, 200],
  ]),
];

/** 2026-11-02 to 2026-11-06: five complete days, of which the last one is a real zero. */
export async function keepWorkedExample(store: TestStore): Promise<void> {
  await keepRecords(store, "claude_code", workedRecords);
  await cover(store, "claude_code", parseDay("2026-11-02"), parseDay("2026-11-06"));
}
