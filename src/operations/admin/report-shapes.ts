import { z } from "zod";

import { dayOfInstant, dayText, Failure, parseDay, type Span } from "../../domain/index.ts";
import type { Condition } from "../../metrics/index.ts";
import type { Tx } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { listedRows } from "../directory.ts";
import { coverage, dayRange, figureState, warnings } from "../figures.ts";
import { filters, oneOrMore } from "../filters.ts";
import { requireNamed } from "../privacy.ts";
import { liveTrust } from "./live.ts";
import type { KnownOrganization } from "./organizations.ts";

/** Members of the input of every report of the Admin API. */
export const reportInput = {
  from: filters.from,
  to: filters.to,
  organization: z.string().max(200).optional().describe("id, name or connection; all when left out"),
  live: z.boolean().default(false).describe("ask Anthropic now instead of the record"),
  asOf: filters.asOf,
} as const;

/** Ids that a report can be narrowed to; of workspaces `default` too. */
export const reportFilters = {
  models: oneOrMore(z.string().max(200)).optional(),
  workspaceIds: oneOrMore(z.string().max(200)).optional().describe("`default` is the default workspace"),
} as const;

export const reportOutput = {
  source: z.enum(["record", "anthropic"]),
  streams: z.array(z.string()).readonly(),
  range: dayRange,
  groupBy: z.array(z.string()).readonly(),
  /** By time the oldest first, else the largest. Names are the API's; money is dollars as a decimal string. */
  rows: z.array(z.looseObject({})).readonly(),
  /** Of the whole range; distinct people are counted once. */
  totals: z.looseObject({}),
  completeThrough: z.string().nullable(),
  asOf: z.string(),
  coverage,
  provisional: z.array(z.string()).readonly(),
  state: figureState,
  warnings,
} as const;

const report = z.object(reportOutput);
export type Report = z.output<typeof report>;
export type ReportRow = Report["rows"][number];

/** Days of a live question at most: each of them is a request to somebody who allows a hundred a minute. */
export const MOST_LIVE_DAYS = 366;

/**
 * The days that are asked of Anthropic: the thirty before today unless told, and none after today.
 *
 * @throws Failure `input.*`; `access.individuals` where people are hidden: whose figures these are is not looked at
 */
export function liveSpan(
  { scope, clock }: Pick<OperationContext, "scope" | "clock">,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  most = MOST_LIVE_DAYS,
): Span & { readonly isCut: boolean } {
  requireNamed(scope, "live", "Ask without live: the record shows what you may see.");
  const today = dayOfInstant(clock.now());
  const last = asked.to === undefined ? today - 1 : parseDay(asked.to, "to");
  const from = asked.from === undefined ? Math.min(last, today) - 29 : parseDay(asked.from, "from");
  if (from > last) throw new Failure("input.range_reversed", { field: "from", from: dayText(from), to: dayText(last) });
  if (from > today) {
    const problem = `${dayText(from)} is after today`;
    throw new Failure("input.invalid", { field: "from", problem, remedy: `Today is ${dayText(today)}, by UTC.` });
  }
  const to = Math.min(last, today);
  if (to - from >= most) throw new Failure("input.range_too_long", { days: to - from + 1, most });
  return { from, to: to + 1, isCut: to < last };
}

/** How far a live answer can be trusted, by upstream's clock. */
export function liveEnvelope(
  span: Span & { readonly isCut: boolean },
  { now, warnings: told }: { readonly now: number; readonly warnings: Report["warnings"] },
  provisionalDays: number,
) {
  const { lastComplete, covered, partial, provisional } = liveTrust(span, now, provisionalDays);
  const isWhole = !told.some(({ code }) => code === "incomplete");
  const cut = `The range ends today, ${dayText(span.to - 1)}: days after it were left off.`;
  const days = span.to - span.from;
  return {
    source: "anthropic" as const,
    range: { from: dayText(span.from), to: dayText(span.to - 1) },
    completeThrough: lastComplete === null || !isWhole ? null : dayText(lastComplete),
    asOf: new Date(now).toISOString(),
    coverage: { days, covered: isWhole ? covered : 0, partial: isWhole ? partial : days, missing: [], heldFrom: null },
    provisional: provisional.map(dayText),
    state:
      !isWhole || covered < days
        ? ("partial" as const)
        : provisional.length > 0
          ? ("provisional" as const)
          : ("complete" as const),
    warnings: span.isCut ? [...told, { code: "range_cut", message: cut }] : told,
  };
}

/** Ids of default workspaces, which the older reports leave unnamed. */
export async function defaultWorkspaces(
  tx: Tx,
  context: Pick<OperationContext, "scope" | "streams">,
): Promise<ReadonlySet<string>> {
  const rows = await listedRows(tx, context, "workspaces");
  return new Set(rows.flatMap((row) => (row.text("is_default") === "true" ? [row.text("id") ?? ""] : [])));
}

/** The value of a workspace as the reports have it: null is the default one. */
export function workspaceValue(id: string, defaults: ReadonlySet<string>): string | null {
  return id === "default" || defaults.has(id) ? null : id;
}

/** What of the record is asked for. */
export function conditionsFor(
  organizations: readonly KnownOrganization[] | null,
  more: Readonly<Record<string, readonly (string | null)[] | undefined>>,
): Condition[] {
  return [
    ...(organizations ?? []).map(({ id }) => ({ dimension: "organization", value: id })),
    ...Object.entries(more).flatMap(([dimension, values]) => (values ?? []).map((value) => ({ dimension, value }))),
  ];
}
