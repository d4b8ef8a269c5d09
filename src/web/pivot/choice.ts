import type { Output } from "../client/index.ts";

type Described = Output<"describeMetrics">;
export type Metric = Described["metrics"][number];

/** What a pivot shows: a metric, by one or two dimensions, over time or not. */
export interface Choice {
  readonly metric: string;
  readonly rows: string;
  /** Null: by one dimension alone. */
  readonly columns: string | null;
  readonly overTime: boolean;
}

const DEFAULTS = { metric: "cost", rows: "team", columns: "model_family" } as const;
/** Tried in this order where the asked dimension does not fit the metric. */
const PREFERRED = ["team", "model_family", "organization"];
const PARAMETERS = ["metric", "rows", "columns", "over"] as const;

/** Reads the choice from an address. */
export function parseChoice(search: string): Choice {
  const params = new URLSearchParams(search);
  const isFresh = PARAMETERS.every((name) => !params.has(name));
  return {
    metric: params.get("metric") ?? DEFAULTS.metric,
    rows: params.get("rows") ?? DEFAULTS.rows,
    columns: isFresh ? DEFAULTS.columns : params.get("columns"),
    overTime: params.get("over") === "time",
  };
}

/** Writes the choice into an address; filters and everything else stay as they are. */
export function formatChoice({ metric, rows, columns, overTime }: Choice, search: string): string {
  const params = new URLSearchParams(search);
  for (const name of PARAMETERS) params.delete(name);
  params.set("metric", metric);
  params.set("rows", rows);
  if (columns !== null) params.set("columns", columns);
  if (overTime) params.set("over", "time");
  return params.toString();
}

/**
 * The nearest choice that can be answered: a metric that is known, and dimensions that it has. `mayName` is false for
 * those to whom no individual is shown.
 */
export function fittingChoice(
  choice: Choice,
  metrics: readonly Metric[],
  mayName: boolean,
): { readonly choice: Choice; readonly metric: Metric; readonly dimensions: readonly string[] } | null {
  const metric = metrics.find(({ id }) => id === choice.metric) ?? metrics[0];
  if (metric === undefined) return null;
  const dimensions = metric.dimensions.filter((one) => mayName || !INDIVIDUAL.has(one));
  const known = (one: string | null) => one !== null && dimensions.includes(one);
  const rows = known(choice.rows)
    ? choice.rows
    : (PREFERRED.find((one) => known(one) && one !== choice.columns) ?? dimensions[0] ?? "organization");
  const columns = known(choice.columns) && choice.columns !== rows ? choice.columns : null;
  return { choice: { metric: metric.id, rows, columns, overTime: choice.overTime }, metric, dimensions };
}

const INDIVIDUAL: ReadonlySet<string> = new Set(["person", "actor"]);
