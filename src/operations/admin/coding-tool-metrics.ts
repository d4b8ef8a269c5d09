import { DIRECTORY_IS_TODAYS, type Answer, type AnswerFigures, type CostKind } from "../../metrics/index.ts";
import type { OperationContext } from "../context.ts";
import { isAnswer, withAsker } from "../money/asking.ts";
import { FieldNotes, moneyPer, percentOf, plus, type Told } from "./field-notes.ts";
import { readFigures, type NormalizedAsked, type NormalizedFigures } from "./normalized-figures.ts";
import type { CodingToolMetrics } from "./normalized-shape.ts";
import { own, textOrNull } from "./normalized-sums.ts";
import { organizationsAsked } from "./organizations.ts";
import { conditionsFor } from "./report-shapes.ts";

export interface NormalizedQuestion extends Omit<NormalizedAsked, "where"> {
  readonly organization?: string | undefined;
}

/** The whole block from the record, at one snapshot; every ratio from sums of the block itself. */
export async function codingToolMetricsOf(
  context: OperationContext,
  question: NormalizedQuestion,
): Promise<CodingToolMetrics> {
  const organizations =
    question.organization === undefined ? null : await organizationsAsked(context, question.organization);
  return withAsker(context, async (asker) => {
    const figures = await readFigures(context, asker, { ...question, where: conditionsFor(organizations, {}) });
    const { first, dau, adoption, whole, rolling } = figures;
    const notes = new FieldNotes();
    const metrics = fieldsOf(context, question, figures, notes);
    for (const [field, value] of Object.entries(metrics)) {
      // Every column of it was refused: of whom it tells may not be seen.
      if (value === null && !notes.has(field)) notes.note(field, { reason: "suppressed_for_privacy" });
    }
    const short = { reason: "not_collected_yet", formula: "at least so many: a day of the window was not read" };
    if (!rolling.isWholeWeek) notes.note("weekly_active_users", short);
    if (!rolling.isWholeMonth) notes.note("monthly_active_users", short);
    const told = [first, dau, ...(isAnswer(adoption) ? [adoption] : []), ...(isAnswer(whole) ? [whole] : [])];
    const past = context.scope.pastDay === undefined ? [] : [DIRECTORY_IS_TODAYS.message];
    const warnings = [...new Set([...told.flatMap(messages), ...CAVEATS, ...past])];
    return { ...metrics, warnings, metadata: notes.metadata() };
  });
}

/** The fields, and in the notes where each comes from or why it is null. */
function fieldsOf(
  { streams }: OperationContext,
  { costBasis: kind, population }: NormalizedQuestion,
  figures: NormalizedFigures,
  notes: FieldNotes,
): Omit<CodingToolMetrics, "metadata" | "warnings"> {
  const { first, tokens, decided, inputs, dau, active, personDays, adoption, costOfPeople, rolling, whole } = figures;
  const { sessions, commits, pull_requests: pullRequests, lines_added: added, lines_removed: removed } = figures.sums;
  const { actions_accepted: accepted, actions_rejected: rejected, cost } = figures.sums;
  const lacks = (field: string, why: string) => notes.lacking(field, why);
  return {
    tool_name: "claude_code",
    period: `${first.range.from}/${first.range.to}`,
    total_seats: lacks("total_seats", "Claude Code in a Console organization is billed without seats"),
    active_seats: lacks("active_seats", "there are no seats"),
    inactive_seats: lacks("inactive_seats", "there are no seats"),
    seat_utilization_pct: lacks("seat_utilization_pct", "there are no seats; see adoption_rate_pct"),
    total_suggestions: notes.fill("total_suggestions", decided, {
      source_field: "tool_actions.*.accepted, .rejected",
      formula: "actions_accepted + actions_rejected: decisions on edits, not suggestions shown",
    }),
    total_acceptances: notes.fill("total_acceptances", accepted, { source_field: "tool_actions.*.accepted" }),
    acceptance_rate_pct: notes.fill("acceptance_rate_pct", percentOf(accepted, decided), {
      formula: "actions_accepted ÷ (actions_accepted + actions_rejected) × 100",
    }),
    total_lines_suggested: lacks("total_lines_suggested", "the report tells accepted edits only"),
    total_lines_accepted: notes.fill("total_lines_accepted", plus(added, removed), {
      source_field: "core_metrics.lines_of_code",
      formula: "lines_added + lines_removed",
    }),
    total_chat_interactions: lacks("total_chat_interactions", "use sessions"),
    daily_active_users: notes.fill("daily_active_users", averageOf(dau), {
      formula: "mean of the people active on each complete day",
    }),
    total_cost_usd: notes.fill("total_cost_usd", cost, { source_field: MONEY_FIELDS[kind] }),
    cost_per_user_usd: notes.fill("cost_per_user_usd", moneyPer(costOfPeople, active), {
      formula: `cost of people${costOfPeople.value === null ? "" : ` (${costOfPeople.value})`} ÷ period_active_users: keys are no people`,
    }),
    cost_per_accepted_suggestion_usd: notes.fill("cost_per_accepted_suggestion_usd", moneyPer(cost, accepted), {
      formula: "total_cost_usd ÷ total_acceptances",
    }),
    usage_by_language: lacks("usage_by_language", "no language is reported"),
    usage_by_editor: figures.byEditor,
    usage_by_model: figures.byModel,
    schema_version: "1",
    source: endpointsOf(streams, [first, ...(isAnswer(whole) ? [whole] : [])]),
    timezone: "UTC",
    currency: "USD",
    cost_basis: kind,
    population,
    active_rule: dau.activeRule ?? "any",
    denominator_id: isAnswer(adoption) ? adoption.denominator : null,
    days_in_period: first.coverage.days,
    days_covered: first.coverage.covered,
    provisional_days: first.provisional,
    data_refreshed_at: notes.fill("data_refreshed_at", figures.readAt, {
      formula: "when the newest day of the period was last read; Anthropic states no time of its own",
    }),
    period_active_users: notes.fill("period_active_users", active, {
      formula: "distinct people of the whole period",
    }),
    weekly_active_users: notes.fill("weekly_active_users", rolling.weekly),
    monthly_active_users: notes.fill("monthly_active_users", rolling.monthly),
    mau_window_days: 30,
    active_person_days: notes.fill("active_person_days", personDays),
    stickiness_dau_mau: notes.fill("stickiness_dau_mau", rolling.stickiness, {
      formula: "mean daily active people of 30 complete days ÷ people active in them",
    }),
    adoption_rate_pct: notes.fill("adoption_rate_pct", figures.adoptionPct, {
      formula: "active people among those who could be ÷ those who could be × 100; of members, not of seats",
    }),
    sessions: notes.fill("sessions", sessions, { source_field: "core_metrics.num_sessions" }),
    commits: notes.fill("commits", commits, { source_field: "core_metrics.commits_by_claude_code" }),
    pull_requests: notes.fill("pull_requests", pullRequests, {
      source_field: "core_metrics.pull_requests_by_claude_code",
    }),
    pull_requests_merged: lacks("pull_requests_merged", "whether one was merged is not known"),
    lines_added: notes.fill("lines_added", added),
    lines_removed: notes.fill("lines_removed", removed),
    actions_accepted: notes.fill("actions_accepted", accepted),
    actions_rejected: notes.fill("actions_rejected", rejected),
    actions_by_tool: figures.byTool,
    input_tokens: notes.fill("input_tokens", tokens.input_tokens, { source_field: "model_breakdown[].tokens.input" }),
    output_tokens: notes.fill("output_tokens", tokens.output_tokens),
    cache_read_tokens: notes.fill("cache_read_tokens", tokens.cache_read_tokens),
    cache_creation_tokens: notes.fill("cache_creation_tokens", tokens.cache_creation_tokens),
    cache_hit_rate_pct: notes.fill("cache_hit_rate_pct", percentOf(tokens.cache_read_tokens, inputs), {
      formula: "cache_read_tokens ÷ (cache_read_tokens + cache_creation_tokens + input_tokens) × 100",
    }),
    requests: lacks("requests", "Claude Code's report counts sessions"),
    cost_per_session_usd: notes.fill("cost_per_session_usd", moneyPer(cost, sessions)),
    cost_per_commit_usd: notes.fill("cost_per_commit_usd", moneyPer(cost, commits)),
    cost_per_pr_usd: notes.fill("cost_per_pr_usd", moneyPer(cost, pullRequests)),
    cost_per_1k_lines_usd: notes.fill("cost_per_1k_lines_usd", moneyPer(cost, added, 1000n), {
      formula: "total_cost_usd ÷ lines_added × 1000",
    }),
    by_population: figures.byPopulation?.map((row) => ({ ...own(row), population: String(row["population"]) })) ?? null,
    by_team:
      figures.byTeam?.map((row) => ({
        ...own(row),
        team: textOrNull(row["team"] ?? null),
        active_users: row["active_users"] ?? null,
      })) ?? null,
    by_user:
      figures.byUser?.map((row) => ({
        ...own(row),
        user: String(row["person"]),
        active_days: row["active_person_days"] ?? null,
      })) ?? null,
    unmapped: {
      actors: isAnswer(whole) ? whole.unmapped.actors : null,
      cost_usd: isAnswer(whole) ? textOrNull(whole.unmapped.value) : null,
      tokens: figures.unmappedTokens,
    },
  };
}

const CAVEATS = [
  "Lines are those of accepted edits: the report is known to count fewer than Claude Code shows on the machine.",
  "Commits and pull requests are those that Claude Code itself made.",
];

const MONEY_FIELDS: Readonly<Record<CostKind, string>> = {
  estimated: "model_breakdown[].estimated_cost.amount, customer_type api",
  notional: "model_breakdown[].estimated_cost.amount, customer_type subscription",
  list: "analytics/cost list_amount, product claude_code",
  net: "analytics/cost amount, product claude_code",
};

function averageOf({ total }: AnswerFigures): Told<number | null> {
  const { average = null } = total;
  return { value: average, reason: total.reason ?? (average === null ? "not_collected_yet" : undefined) };
}

function endpointsOf(streams: OperationContext["streams"], answers: readonly AnswerFigures[]): string[] {
  const names = new Set(answers.flatMap(({ source }) => source));
  return streams.filter(({ name }) => names.has(name)).map(({ endpoint }) => endpoint);
}

function messages({ warnings }: Pick<Answer, "warnings">): string[] {
  return warnings.map(({ message }) => message);
}
