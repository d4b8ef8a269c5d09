import { Failure } from "../../domain/index.ts";
import type { AnswerFigures, AnswerRow, Question } from "../../metrics/index.ts";
import type { OperationContext } from "../context.ts";
import { isAnswer, withAsker, type Asker } from "../money/asking.ts";
import { trustOf } from "../money/headline.ts";
import { organizationsAsked } from "./organizations.ts";
import { conditionsFor, type Report, type ReportRow } from "./report-shapes.ts";
import { bucketStart, inOrder, isNothing } from "./summed.ts";

/** What Claude Code's report can be split by, and what the metrics call it. */
export const CLAUDE_CODE_GROUPS = {
  person: "person",
  team: "team",
  terminal_type: "terminal",
  customer_type: "customer_type",
  model: "model",
  tool: "tool",
} as const;

export type ClaudeCodeGroup = keyof typeof CLAUDE_CODE_GROUPS;

export interface ClaudeCodeQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly organization?: string | undefined;
  readonly groupBy: readonly ClaudeCodeGroup[];
  readonly bucketWidth: "1d" | "total";
  readonly population: "humans" | "service" | "unmapped" | "all";
}

type Measure = Pick<Question, "metric"> & Partial<Pick<Question, "kind" | "source" | "population">>;

/** Columns of a row, in order, and the metric of each. */
const MEASURES: Readonly<Record<string, Measure>> = {
  sessions: { metric: "sessions" },
  lines_added: { metric: "lines_added" },
  lines_removed: { metric: "lines_removed" },
  commits: { metric: "commits" },
  pull_requests: { metric: "pull_requests" },
  actions_accepted: { metric: "actions_accepted" },
  actions_rejected: { metric: "actions_rejected" },
  input_tokens: { metric: "input_tokens", source: "claude_code" },
  output_tokens: { metric: "output_tokens", source: "claude_code" },
  cache_read_tokens: { metric: "cache_read_tokens", source: "claude_code" },
  cache_creation_tokens: { metric: "cache_creation_tokens", source: "claude_code" },
  estimated_cost_usd: { metric: "cost", kind: "estimated" },
  notional_cost_usd: { metric: "cost", kind: "notional" },
};

/** Columns of a report of Claude Code, active people the last. */
export const CLAUDE_CODE_COLUMNS = [...Object.keys(MEASURES), "active_users"];
/** What rows are sorted by, and left out for want of. */
const SIZE = "sessions";
const MOST_GROUPS = 2;

/** Claude Code as it was recorded: every day of the range, or all of it at once. */
export async function recordedClaudeCode(context: OperationContext, question: ClaudeCodeQuestion): Promise<Report> {
  const { from, to, groupBy, population, bucketWidth } = question;
  checkGroups(groupBy);
  const organizations =
    question.organization === undefined ? null : await organizationsAsked(context, question.organization);
  const by = groupBy.map((group) => CLAUDE_CODE_GROUPS[group]);
  const where = conditionsFor(organizations, {});
  return withAsker(context, async (asker) => {
    const first = await asker.ask({ metric: "sessions", from, to, where, population });
    const range = { from: first.range.from, to: first.range.to };
    const grain = bucketWidth === "1d" ? ("day" as const) : undefined;
    const asked = { ...range, where, grain };
    const columns = await columnsOf(asker, { ...asked, by }, population, groupBy);
    const rows = rowsOf(columns, by, groupBy).filter((row) => by.length === 0 || !isNothing(row, CLAUDE_CODE_COLUMNS));
    // What cannot be split is told of the whole.
    const isWhole = [...columns.values()].every((answer) => answer !== null) && columns.has("active_users");
    const { grain: _, ...unsplit } = asked;
    const whole = isWhole ? columns : await columnsOf(asker, unsplit, population, []);
    const totals = Object.fromEntries([...whole].map(([name, answer]) => [name, answer?.total.value ?? null]));
    const reasons = [...whole].flatMap(([name, answer]) =>
      answer?.total.reason === undefined ? [] : [[name, answer.total.reason] as const],
    );
    return {
      source: "record",
      streams: first.source,
      groupBy,
      rows: inOrder(rows, SIZE, groupBy),
      totals: { ...totals, population, ...(reasons.length > 0 ? { reasons: Object.fromEntries(reasons) } : {}) },
      range,
      asOf: first.asOf,
      ...trustOf(first),
      warnings: [
        ...once([first, ...[...columns.values()].flatMap((answer) => answer ?? [])]),
        ...missing([...columns].flatMap(([name, answer]) => (answer === null ? [name] : []))),
      ],
    };
  });
}

/** @throws Failure `input.invalid` */
export function checkGroups(groupBy: readonly ClaudeCodeGroup[]): void {
  if (groupBy.length <= MOST_GROUPS) return;
  const problem = `${groupBy.length} are asked for`;
  throw new Failure("input.invalid", {
    field: "groupBy",
    problem,
    remedy: `Ask for at most ${MOST_GROUPS} at a time.`,
  });
}

/** What is said of columns that the report does not split so. */
export function missing(names: readonly string[]): Report["warnings"] {
  if (names.length === 0) return [];
  const message = `Not reported in this split: ${names.join(", ")}.`;
  return [{ code: "not_reported_by_source", message }];
}

/** The answer for each column; null where the report cannot be split so. */
async function columnsOf(
  asker: Asker,
  asked: Omit<Question, "metric">,
  population: ClaudeCodeQuestion["population"],
  groupBy: readonly ClaudeCodeGroup[],
): Promise<Map<string, AnswerFigures | null>> {
  const columns = new Map<string, AnswerFigures | null>();
  for (const [name, measure] of Object.entries(MEASURES)) {
    const found = await asker.tryAsk({ ...asked, ...measure, population });
    columns.set(name, isAnswer(found) ? found : null);
  }
  // Whoever is a row of their own needs no count; and people are people, whatever population the sums are of.
  if (!groupBy.includes("person") && (population === "all" || population === "humans")) {
    const found = await asker.tryAsk({ ...asked, metric: "active_users" });
    columns.set("active_users", isAnswer(found) ? found : null);
  }
  // A split that nobody may see is refused once, and not by every column.
  if ([...columns.values()].every((answer) => answer === null))
    await asker.ask({ ...asked, metric: "sessions", population });
  return columns;
}

function rowsOf(
  columns: ReadonlyMap<string, AnswerFigures | null>,
  by: readonly string[],
  groupBy: readonly ClaudeCodeGroup[],
): ReportRow[] {
  const places = new Map<string, Record<string, unknown>>();
  for (const [name, answer] of columns) {
    for (const row of answer?.rows ?? []) {
      const own = placeOf(row, by, groupBy);
      const key = JSON.stringify(own);
      const found = places.get(key) ?? own;
      places.set(key, found);
      found[name] = row.value;
      if (row.reason === "suppressed_for_privacy") found["reason"] = row.reason;
    }
  }
  const told = [...columns].flatMap(([name, answer]) => (answer === null ? [] : [name]));
  return [...places.values()].map((row) => {
    const { reason, ...rest } = row;
    const dims = Object.entries(rest).filter(([name]) => !CLAUDE_CODE_COLUMNS.includes(name));
    // A column without a row for a place that others have: nothing of it happened there.
    const values = told.map((name) => [name, row[name] ?? (name in row || reason !== undefined ? null : zeroOf(name))]);
    return { ...Object.fromEntries(dims), ...Object.fromEntries(values), ...(reason === undefined ? {} : { reason }) };
  });
}

export function zeroOf(column: string): number | string {
  return column.endsWith("_usd") ? "0.00" : 0;
}

function placeOf(row: AnswerRow, by: readonly string[], groupBy: readonly ClaudeCodeGroup[]): Record<string, unknown> {
  const { day } = row;
  return {
    ...(day === undefined ? {} : { starting_at: bucketStart(String(day)) }),
    ...Object.fromEntries(groupBy.map((name, at) => [name, row[by[at]!] ?? null])),
  };
}

function once(answers: readonly AnswerFigures[]): Report["warnings"] {
  const told = answers.flatMap(({ warnings }) => warnings);
  return [...new Map(told.map((one) => [`${one.code} ${one.message}`, one])).values()];
}
