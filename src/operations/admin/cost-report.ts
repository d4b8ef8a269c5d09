import { Failure } from "../../domain/index.ts";
import type { AnswerRow, CostKind } from "../../metrics/index.ts";
import type { OperationContext } from "../context.ts";
import { withAsker } from "../money/asking.ts";
import { trustOf } from "../money/headline.ts";
import { COST_DIMENSIONS, type CostGroup } from "./cost-groups.ts";
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
import { bucketStart, inOrder, isNothing, shownUsd, summed, withQuietDays, type Part } from "./summed.ts";

/** Told by the analytics report alone. */
const OF_ANALYTICS: ReadonlySet<CostGroup> = new Set<CostGroup>(["api_key_id", "product"]);

export interface CostQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly organization?: string | undefined;
  readonly groupBy: readonly CostGroup[];
  readonly bucketWidth: "1d" | "total";
  readonly kind: CostKind;
  readonly models?: readonly string[] | undefined;
  readonly workspaceIds?: readonly string[] | undefined;
}

const AMOUNT = "amount_usd";
const MOST_GROUPS = 3;

/** Money as it was recorded. What is billed is told by the cost report, unless it cannot be split so. */
export async function recordedCost(context: OperationContext, question: CostQuestion): Promise<Report> {
  const { from, to, groupBy, kind, models, bucketWidth } = question;
  const organizations =
    question.organization === undefined ? null : await organizationsAsked(context, question.organization);
  checkGroups(groupBy);
  const by = groupBy.map((group) => COST_DIMENSIONS[group]);
  return withAsker(context, async (asker) => {
    const defaults = await asker.store.read((tx) => defaultWorkspaces(tx, context));
    const workspace = question.workspaceIds?.map((id) => workspaceValue(id, defaults));
    const where = conditionsFor(organizations, { model: models, workspace });
    const isBilled = kind === "net" && !groupBy.some((group) => OF_ANALYTICS.has(group));
    const grain = bucketWidth === "1d" ? ("day" as const) : undefined;
    const asked = { metric: "cost", kind, from, to, where, ...(isBilled ? { source: "cost_report" as const } : {}) };
    const found = await asker.ask({ ...asked, by, grain });
    const rows = found.rows.map((row) => rowOf(row, groupBy));
    const { total } = found;
    return {
      source: "record",
      streams: found.source,
      groupBy,
      rows: inOrder(by.length === 0 ? rows : rows.filter((row) => !isNothing(row, [AMOUNT])), AMOUNT, groupBy),
      totals: { [AMOUNT]: total.value, cost_kind: kind, ...(total.reason ? { reason: total.reason } : {}) },
      range: { from: found.range.from, to: found.range.to },
      asOf: found.asOf,
      ...trustOf(found),
      warnings: found.warnings,
    };
  });
}

function checkGroups(groupBy: readonly CostGroup[]): void {
  if (groupBy.length <= MOST_GROUPS) return;
  const problem = `${groupBy.length} are asked for`;
  throw new Failure("input.invalid", {
    field: "groupBy",
    problem,
    remedy: `Ask for at most ${MOST_GROUPS} at a time.`,
  });
}

function rowOf(row: AnswerRow, groupBy: readonly CostGroup[]): ReportRow {
  const dims = groupBy.map((name) => [name, row[COST_DIMENSIONS[name]] ?? null] as const);
  const { day, reason, value } = row;
  return {
    ...(day === undefined ? {} : { starting_at: bucketStart(String(day)) }),
    ...Object.fromEntries(dims),
    [AMOUNT]: value,
    ...(reason === undefined ? {} : { reason }),
  };
}

const PROVISIONAL_DAYS = 3;

/** The cost report asked of Anthropic now: what is billed, by what the report itself knows. */
export async function liveCost(context: OperationContext, question: CostQuestion): Promise<Report> {
  const { groupBy, kind, models, workspaceIds, bucketWidth } = question;
  if (kind !== "net") {
    const remedy = "Ask without live, or for kind net.";
    throw new Failure("input.invalid", { field: "kind", problem: `${kind} is not in the cost report`, remedy });
  }
  const foreign = groupBy.find((group) => OF_ANALYTICS.has(group));
  if (foreign !== undefined) {
    const remedy = "Ask without live: the record has it from another report.";
    throw new Failure("input.invalid", { field: "groupBy", problem: `${foreign} is not in the cost report`, remedy });
  }
  checkGroups(groupBy);
  const span = liveSpan(context, question);
  const defaults = await context.store.read((tx) => defaultWorkspaces(tx, context));
  const workspaces = workspaceIds?.map((id) => workspaceValue(id, defaults));
  const stream = context.streams.find(({ name }) => name === "cost_report")!;
  const parts: Part[] = [];
  const warnings = [{ code: "net_or_list_unknown", message: UNKNOWN }];
  let now = 0;
  for (const organization of await organizationsAsked(context, question.organization)) {
    const read = await askLive(context, organization, { stream, span });
    now = Math.max(now, read.now);
    warnings.push(...read.warnings);
    for (const { values } of read.records.flatMap(({ rows }) => rows)) {
      const textOf = (name: string) => (values[name] ?? null) as string | null;
      if (models && !models.includes(textOf("model") ?? "")) continue;
      if (workspaces && !workspaces.includes(textOf("workspace_id"))) continue;
      const start = bucketWidth === "1d" ? { starting_at: bucketStart(Number(values["day"])) } : {};
      const dims = Object.fromEntries(groupBy.map((name) => [name, textOf(name)]));
      // An amount in another currency is no part of a sum of dollars.
      const amount = textOf("currency") === "USD" ? values["amount_pico"] : null;
      parts.push({ place: { ...start, ...dims }, values: { amount } });
    }
  }
  const shown = (some: readonly Part[]) =>
    summed(some, ["amount"]).map(({ place, sums }) => ({ ...place, [AMOUNT]: shownUsd(sums["amount"]) }));
  const rows = shown(parts);
  const [totals = ZERO] = shown(parts.map(({ values }) => ({ place: {}, values })));
  const fillsDays = bucketWidth === "1d" && groupBy.length === 0;
  return {
    streams: ["cost_report"],
    groupBy,
    rows: inOrder(fillsDays ? withQuietDays(rows, span, ZERO) : rows, AMOUNT, groupBy),
    totals: { ...totals, cost_kind: kind },
    ...liveEnvelope(span, { now, warnings }, PROVISIONAL_DAYS),
  };
}

const ZERO: ReportRow = { [AMOUNT]: "0.00" };
const UNKNOWN = "The cost report does not say whether its amounts are before or after a discount.";
