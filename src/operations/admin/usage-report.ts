import { Failure } from "../../domain/index.ts";
import type { AnswerFigures, AnswerRow, Value } from "../../metrics/index.ts";
import { messagesAsked, type BucketWidth, type MessagesGroup } from "../../source/index.ts";
import type { OperationContext } from "../context.ts";
import { withAsker } from "../money/asking.ts";
import { trustOf } from "../money/headline.ts";
import { askLive } from "./live.ts";
import { organizationsAsked } from "./organizations.ts";
import {
  conditionsFor,
  defaultWorkspaces,
  liveEnvelope,
  liveSpan,
  workspaceValue,
  type Report,
  type ReportRow,
} from "./report-shapes.ts";
import { bucketStart, inOrder, isNothing, shownSum, summed, withQuietDays, type Part } from "./summed.ts";

export interface UsageQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly organization?: string | undefined;
  readonly groupBy: readonly MessagesGroup[];
  readonly bucketWidth: BucketWidth | "total";
  readonly models?: readonly string[] | undefined;
  readonly workspaceIds?: readonly string[] | undefined;
  readonly apiKeyIds?: readonly string[] | undefined;
}

/** Tokens in the words of the record's own columns, and what the metrics call each of them. */
const TOKENS: Readonly<Record<string, string>> = {
  uncached_input_tokens: "uncached_input_tokens",
  "cache_creation.ephemeral_5m_input_tokens": "cache_creation_5m_input_tokens",
  "cache_creation.ephemeral_1h_input_tokens": "cache_creation_1h_input_tokens",
  cache_read_input_tokens: "cache_read_input_tokens",
  output_tokens: "output_tokens",
};
const TOKEN_COLUMNS = Object.values(TOKENS);
const SEARCHES = "web_search_requests";
const MEASURES = [...TOKEN_COLUMNS, SEARCHES];
const ZERO: ReportRow = Object.fromEntries([...MEASURES, "total_tokens"].map((name) => [name, 0]));

/** Accounts and service accounts are one dimension of the record, `actor`. */
const DIMENSIONS: Readonly<Record<MessagesGroup, string>> = {
  model: "model",
  workspace_id: "workspace",
  api_key_id: "api_key",
  service_tier: "service_tier",
  context_window: "context_window",
  inference_geo: "inference_geo",
  speed: "speed",
  account_id: "actor",
  service_account_id: "actor",
};

/** Tokens of the Messages API as they were recorded, by day or over all of the range. */
export async function recordedUsage(context: OperationContext, question: UsageQuestion): Promise<Report> {
  const { from, to, bucketWidth, models, apiKeyIds } = question;
  if (bucketWidth === "1h" || bucketWidth === "1m") {
    const remedy = "Ask with live, or by 1d: days are what is recorded.";
    throw new Failure("input.invalid", { field: "bucketWidth", problem: `${bucketWidth} is not recorded`, remedy });
  }
  const organizations =
    question.organization === undefined ? null : await organizationsAsked(context, question.organization);
  const groupBy = bothAccounts(question.groupBy);
  const by = [...new Set(groupBy.map((group) => DIMENSIONS[group]))];
  if (by.length > 2) {
    const remedy = "Ask for two of them, or with live for up to five.";
    throw new Failure("input.invalid", { field: "groupBy", problem: `${by.length} are asked of the record`, remedy });
  }
  return withAsker(context, async (asker) => {
    const defaults = await asker.store.read((tx) => defaultWorkspaces(tx, context));
    const workspace = question.workspaceIds?.map((id) => workspaceValue(id, defaults));
    const where = conditionsFor(organizations, { model: models, workspace, api_key: apiKeyIds });
    const grain = bucketWidth === "1d" ? ("day" as const) : undefined;
    const asked = { from, to, where, source: "messages" } as const;
    const tokens = await asker.ask({ ...asked, metric: "tokens", by: ["token_type", ...by], grain });
    const range = { from: tokens.range.from, to: tokens.range.to };
    const searches = await asker.ask({ ...asked, ...range, metric: "web_searches", by, grain });
    const allTokens = await asker.ask({ ...asked, ...range, metric: "tokens", by: ["token_type"] });
    const allSearches = await asker.ask({ ...asked, ...range, metric: "web_searches" });
    const rows = pivoted(tokens, searches, by).filter((row) => by.length === 0 || !isNothing(row, MEASURES));
    const [totals = ZERO] = pivoted(allTokens, allSearches, []);
    return {
      source: "record",
      streams: tokens.source,
      groupBy,
      rows: inOrder(rows, "total_tokens", groupBy),
      totals: {
        ...totals,
        total_tokens: tokens.total.value,
        ...(tokens.total.reason ? { reason: tokens.total.reason } : {}),
      },
      asOf: tokens.asOf,
      ...trustOf(tokens),
      range,
      warnings: tokens.warnings,
    };
  });
}

/** Whoever asks for one kind of account gets both: the record has them together, so that no token falls between. */
function bothAccounts(groupBy: readonly MessagesGroup[]): MessagesGroup[] {
  const has = groupBy.some((group) => DIMENSIONS[group] === "actor");
  return [...new Set([...groupBy, ...(has ? (["account_id", "service_account_id"] as const) : [])])];
}

/** One row a place, with a column for each kind of token. */
function pivoted(tokens: AnswerFigures, searches: AnswerFigures, by: readonly string[]): ReportRow[] {
  const places = new Map<string, Record<string, unknown>>();
  const place = (row: AnswerRow) => {
    const own = placeOf(row, by);
    const key = JSON.stringify(own);
    const found = places.get(key) ?? own;
    places.set(key, found);
    return found;
  };
  for (const row of tokens.rows) {
    const column = TOKENS[String(row["token_type"])];
    const own = place(row);
    if (row.reason === "suppressed_for_privacy") own["reason"] = row.reason;
    if (column !== undefined) own[column] = row.value;
  }
  for (const row of searches.rows) place(row)[SEARCHES] = row.value;
  return [...places.values()].map((row) => {
    const dims = Object.entries(row).filter(([name]) => !MEASURES.includes(name));
    return { ...Object.fromEntries(dims), ...filled(row) };
  });
}

function placeOf(row: AnswerRow, by: readonly string[]): Record<string, unknown> {
  const { day } = row;
  const dims = by.map((dimension) => {
    const value = row[dimension] ?? null;
    if (dimension === "actor") return accountsOf(value === null ? null : String(value));
    const [name] = Object.entries(DIMENSIONS).find(([, own]) => own === dimension)!;
    return { [name]: value };
  });
  return Object.assign({}, day === undefined ? {} : { starting_at: bucketStart(String(day)) }, ...dims) as Record<
    string,
    unknown
  >;
}

/** `user:ID` and `svac:ID`, as the API has them apart; a pseudonym stands for an account. */
function accountsOf(actor: string | null) {
  const [, kind, id] = /^(user|svac):(.+)$/.exec(actor ?? "") ?? [];
  if (kind === "svac") return { account_id: null, service_account_id: id };
  return { account_id: id ?? actor, service_account_id: null };
}

/** A kind that no row tells is 0 where another one is told: the report has all kinds or none. */
function filled(row: Readonly<Record<string, unknown>>): ReportRow {
  const isTold = MEASURES.some((name) => typeof row[name] === "number" || typeof row[name] === "string");
  const values = MEASURES.map((name) => [name, (row[name] ?? (isTold ? 0 : null)) as Value] as const);
  const tokens = values.filter(([name]) => name !== SEARCHES).map(([, value]) => value);
  const total = tokens.some((value) => value === null)
    ? null
    : shownSum(tokens.reduce<bigint>((sum, value) => sum + BigInt(String(value)), 0n));
  return { ...Object.fromEntries(values), total_tokens: total };
}

/** Days of one live question: minutes are 1,440 buckets each. */
const MOST_DAYS = { "1d": 366, total: 366, "1h": 93, "1m": 3 } as const;
const PROVISIONAL_DAYS = 3;

/** The same asked of Anthropic now, by up to five dimensions and in finer buckets too. */
export async function liveUsage(context: OperationContext, question: UsageQuestion): Promise<Report> {
  const { bucketWidth, models, apiKeyIds, workspaceIds } = question;
  const span = liveSpan(context, question, MOST_DAYS[bucketWidth]);
  const groupBy = bothAccounts(question.groupBy);
  const defaults = await context.store.read((tx) => defaultWorkspaces(tx, context));
  const workspaces = workspaceIds?.map((id) => workspaceValue(id, defaults));
  // Upstream has no name for the default workspace: where it is among those asked for, the others are sorted out here.
  const isOurs = workspaces?.includes(null) ?? false;
  const groups: MessagesGroup[] = isOurs ? [...new Set([...groupBy, "workspace_id" as const])] : groupBy;
  if (groups.length > 5) {
    const problem = `${groups.length} are asked for`;
    throw new Failure("input.invalid", { field: "groupBy", problem, remedy: "Ask for at most five at a time." });
  }
  const listed = (name: string, values: readonly (string | null)[] = []) =>
    values.flatMap((value) => (value === null ? [] : [[name, value] as const]));
  const width = bucketWidth === "total" ? "1d" : bucketWidth;
  const stream = messagesAsked({
    groups,
    width,
    filters: [
      ...listed("models[]", models),
      ...listed("api_key_ids[]", apiKeyIds),
      ...(isOurs ? [] : listed("workspace_ids[]", workspaces)),
    ],
  });
  const parts: Part[] = [];
  const warnings = [];
  let now = 0;
  for (const organization of await organizationsAsked(context, question.organization)) {
    const read = await askLive(context, organization, { stream, span });
    now = Math.max(now, read.now);
    warnings.push(...read.warnings);
    for (const { key, rows } of read.records) {
      for (const { values } of rows) {
        if (isOurs && !workspaces!.includes((values["workspace_id"] ?? null) as string | null)) continue;
        const dims = groupBy.map((name) => [name, (values[name] ?? null) as string | null]);
        const start = bucketWidth === "total" ? {} : { starting_at: String(key[1]) };
        parts.push({ place: { ...start, ...Object.fromEntries(dims) }, values });
      }
    }
  }
  const shown = (some: readonly Part[]) =>
    summed(some, MEASURES).map(({ place, sums }) => ({
      ...place,
      ...filled(Object.fromEntries(MEASURES.map((name) => [name, shownSum(sums[name])]))),
    }));
  const rows = shown(parts);
  const [totals = ZERO] = shown(parts.map(({ values }) => ({ place: {}, values })));
  const fillsDays = bucketWidth === "1d" && groupBy.length === 0;
  return {
    streams: ["usage_report/messages"],
    groupBy,
    rows: inOrder(fillsDays ? withQuietDays(rows, span, ZERO) : rows, "total_tokens", groupBy),
    totals,
    ...liveEnvelope(span, { now, warnings }, PROVISIONAL_DAYS),
  };
}
