import { daysWithin, emptyBuckets } from "./buckets.ts";
import { DAY_MS } from "./calendar.ts";
import type { Cell, Charge, DayOfCells } from "./cell.ts";
import { isBilled, type Days } from "./days.ts";
import {
  HUNDREDTH_HOUR_MICRO_CENTS,
  SEARCH_MICRO_CENTS,
  billedRates,
  centsText,
  microCentsFromPico,
  tokensOf,
} from "./money.ts";
import type { Overlay } from "./overlay.ts";
import { TOKEN_TYPES, modelOf, type Rates } from "./prices.ts";
import { hashOf } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Bucket, CostQuery, CostResult } from "./types.ts";

/** One line of a day: the finest grain of the report. Rounded to micro-cents here, so that all cuts agree. */
interface CostLine {
  readonly workspaceId: string | null;
  readonly description: string;
  readonly costType: "tokens" | "web_search" | "code_execution" | "session_usage";
  readonly parsed: Pick<CostResult, "context_window" | "inference_geo" | "model" | "service_tier" | "token_type">;
  readonly microCents: bigint;
}

const TOKEN_TITLES = [
  "Input Tokens",
  "Input Tokens, Cache Write",
  "Input Tokens, Cache Write (1h)",
  "Input Tokens, Cache Hit",
  "Output Tokens",
];

const NOT_PARSED = {
  context_window: null,
  inference_geo: null,
  model: null,
  service_tier: null,
  token_type: null,
} as const;

/**
 * `GET /cost_report`, at list price: whether the real one shows list or contract price is not documented.
 *
 * Priority traffic is absent, subscription use too. Code execution belongs to no workspace.
 */
export function costReport(
  setting: Setting,
  days: Days,
  overlay: Overlay,
  query: CostQuery,
  now: number,
): Bucket<CostResult>[] {
  const buckets = emptyBuckets<CostResult>(query.from, query.to, DAY_MS);
  const byWorkspace = query.groupBy.includes("workspace_id");
  const byDescription = query.groupBy.includes("description");
  for (const day of daysWithin(query.from, query.to)) {
    const bucket = buckets[Math.floor((day * DAY_MS - query.from) / DAY_MS)];
    if (bucket === undefined) continue;
    const lines = linesOf(setting, days.seen(day, "legacy", now));
    const survivors = overlay.survivors(day, "cost", lines);
    bucket.results = cut(survivors, overlay.factorOf(day, "cost"), byWorkspace, byDescription).toSorted(
      (a, b) => orderOf(day, a) - orderOf(day, b),
    );
  }
  return buckets;
}

function cut(lines: readonly CostLine[], factor: number, byWorkspace: boolean, byDescription: boolean): CostResult[] {
  const groups = new Map<string, { line: CostLine; microCents: bigint }>();
  for (const line of lines) {
    const naming = `${byWorkspace ? line.workspaceId : ""}|${byDescription ? line.description : ""}`;
    const group = groups.get(naming) ?? { line, microCents: 0n };
    group.microCents += scaled(line.microCents, factor);
    groups.set(naming, group);
  }
  return [...groups.values()].map(({ line, microCents }) => ({
    amount: centsText(microCents),
    currency: "USD",
    cost_type: byDescription ? line.costType : null,
    description: byDescription ? line.description : null,
    ...(byDescription ? line.parsed : NOT_PARSED),
    workspace_id: byWorkspace ? line.workspaceId : null,
  }));
}

/** Lines of a day in stable order: by workspace, then description. */
function linesOf(setting: Setting, seen: DayOfCells): CostLine[] {
  const lines = [
    ...tokenLines(setting, seen),
    ...searchLines(setting, seen.cells),
    ...chargeLines(setting, seen.charges),
  ];
  return lines.toSorted(
    (a, b) => compare(a.workspaceId ?? "", b.workspaceId ?? "") || compare(a.description, b.description),
  );
}

function tokenLines(setting: Setting, { day, cells }: DayOfCells): CostLine[] {
  const sums = new Map<string, { cell: Cell; rates: Rates; tokens: number[] }>();
  for (const cell of cells) {
    const rates = isBilled(cell) ? billedRates(cell, day) : null;
    if (rates === null) continue;
    const { workspaceId, model, tier, geo, contextWindow, speed } = cell.dims;
    const naming = `${workspaceId}|${model}|${tier}|${geo}|${contextWindow}|${speed}`;
    const known = sums.get(naming);
    const tokens = tokensOf(cell);
    if (known === undefined) sums.set(naming, { cell, rates, tokens: [...tokens] });
    else for (const [at, count] of tokens.entries()) known.tokens[at] = (known.tokens[at] ?? 0) + count;
  }
  return [...sums.values()].flatMap(({ cell, rates, tokens }) =>
    TOKEN_TYPES.flatMap((tokenType, at): CostLine[] => {
      const count = tokens[at] ?? 0;
      if (count === 0) return [];
      const { dims } = cell;
      return [
        {
          workspaceId: shownWorkspace(setting, dims.workspaceId),
          description: descriptionOf(cell, at),
          costType: "tokens",
          parsed: {
            context_window: dims.contextWindow,
            inference_geo: dims.geo,
            model: dims.model,
            service_tier: dims.tier,
            token_type: tokenType,
          },
          microCents: microCentsFromPico(BigInt(count) * BigInt(rates[at] ?? 0)),
        },
      ];
    }),
  );
}

/** "Claude Sonnet 5.5 Usage - Input Tokens, Cache Write (1h) (Batch, US)". */
function descriptionOf({ dims }: Cell, tokenType: number): string {
  const marks = [
    ...(dims.tier === "batch" ? ["Batch"] : []),
    ...(dims.geo === "us" ? ["US"] : []),
    ...(dims.speed === "fast" ? ["Fast"] : []),
    ...(dims.contextWindow === "200k-1M" ? [">200k"] : []),
  ];
  const suffix = marks.length === 0 ? "" : ` (${marks.join(", ")})`;
  return `${modelOf(dims.model).title} Usage - ${TOKEN_TITLES[tokenType] ?? ""}${suffix}`;
}

function searchLines(setting: Setting, cells: readonly Cell[]): CostLine[] {
  const searches = new Map<string, number>();
  for (const cell of cells) {
    if (cell.searches === 0 || !isBilled(cell)) continue;
    searches.set(cell.dims.workspaceId, (searches.get(cell.dims.workspaceId) ?? 0) + cell.searches);
  }
  return [...searches].map(([workspaceId, count]) => ({
    workspaceId: shownWorkspace(setting, workspaceId),
    description: "Web Search Usage",
    costType: "web_search",
    parsed: NOT_PARSED,
    microCents: BigInt(count) * BigInt(SEARCH_MICRO_CENTS),
  }));
}

function chargeLines(setting: Setting, charges: readonly Charge[]): CostLine[] {
  const sums = new Map<string, CostLine>();
  for (const { kind, hundredths, dims } of charges) {
    const workspaceId = kind === "code_execution" ? null : shownWorkspace(setting, dims.workspaceId);
    const naming = `${kind}|${workspaceId}`;
    const microCents = (sums.get(naming)?.microCents ?? 0n) + BigInt(hundredths * HUNDREDTH_HOUR_MICRO_CENTS[kind]);
    const description = kind === "code_execution" ? "Code Execution Usage" : "Managed Agents Session Usage";
    sums.set(naming, { workspaceId, description, costType: kind, parsed: NOT_PARSED, microCents });
  }
  return [...sums.values()];
}

function shownWorkspace(setting: Setting, id: string): string | null {
  return id === setting.workspaces.Default.id ? null : id;
}

function scaled(microCents: bigint, factor: number): bigint {
  return factor === 1 ? microCents : (microCents * BigInt(Math.round(factor * 1e6)) + 500_000n) / 1_000_000n;
}

function orderOf(day: number, row: CostResult): number {
  return hashOf(day, row.workspace_id ?? "", row.description ?? "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
