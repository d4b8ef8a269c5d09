import type { Population } from "../domain/index.ts";
import type { Quantity } from "./facts.ts";
import type { ReasonCode, Unit } from "./types.ts";

/** A number that can be asked for: what it means, in words and as a measure that the compiler reads. */
export interface Metric {
  /** Stable, `snake_case`; frozen in `test/golden/catalog-ids.txt`. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly description: string;
  /** As it stands in `docs/metrics.md`. */
  readonly formula: string;
  readonly measure: Measure;
  /** Whether rows of a breakdown add up to the total. */
  readonly additive: boolean;
  readonly population: Population;
  /** Dimension ids that some source of it has. */
  readonly dimensions: readonly string[];
  /** Why its value may be null. */
  readonly reasons: readonly ReasonCode[];
  /** Tables it reads, for the docs. */
  readonly tables: readonly string[];
}

/** `cost` stands for the kind that was asked. */
export type Term = Quantity | "cost" | "claude_code_cost";

export type Measure =
  | { readonly kind: "sum"; readonly plus: readonly Term[]; readonly minus?: readonly Term[] }
  /** A ratio of sums: never a mean of ratios, or a quiet day would weigh as much as a busy one. */
  | {
      readonly kind: "ratio";
      readonly over: readonly Term[];
      readonly under: readonly Term[];
      readonly scale?: number;
      /** Below this denominator the value carries `lowSample`. */
      readonly floor?: number;
    }
  /** Each row's part of the whole. */
  | { readonly kind: "share"; readonly of: readonly Term[]; readonly among: string }
  | { readonly kind: "active"; readonly count: "people" | "person_days" }
  | { readonly kind: "rolling"; readonly days: number }
  | { readonly kind: "per_active"; readonly of: Term; readonly count: "people" | "person_days" }
  | { readonly kind: "adoption" }
  /** What the older generation of a report says less what the newer says, over the days that both cover. */
  | { readonly kind: "gap"; readonly older: Side; readonly newer: Side };

/** One side of a comparison: the quantities of one table. */
export interface Side {
  readonly table: string;
  readonly plus: readonly Quantity[];
}

export type GapMeasure = Extract<Measure, { kind: "gap" }>;

/** Below this many people a ratio about people carries `lowSample`. */
export const PEOPLE_FLOOR = 5;

const WHO = ["organization", "population", "person", "team", "actor"] as const;
const WHAT = ["model", "model_family", "workspace", "api_key"] as const;
const SERVED = ["service_tier", "inference_geo", "context_window"] as const;
const CLAUDE_CODE_DIMENSIONS = [...WHO, "customer_type", "subscription_type", "terminal", "remote"] as const;

/** The dimensions that tables of one family share. */
export const DIMENSIONS_OF = {
  activity: CLAUDE_CODE_DIMENSIONS,
  actions: [...CLAUDE_CODE_DIMENSIONS, "tool"],
  claudeCodeModels: [...CLAUDE_CODE_DIMENSIONS, "model", "model_family"],
  tokens: [...CLAUDE_CODE_DIMENSIONS, ...WHAT, ...SERVED, "speed", "product"],
  messages: [...WHO, ...WHAT, ...SERVED, "speed", "product"],
  analytics: [...WHO, ...WHAT, "product"],
  cost: [...CLAUDE_CODE_DIMENSIONS, ...WHAT, ...SERVED, "product", "cost_type", "token_type", "description"],
  gap: ["organization"],
  people: [
    "organization",
    "team",
    "customer_type",
    "subscription_type",
    "terminal",
    "remote",
    "model",
    "model_family",
    "tool",
  ],
} as const satisfies Record<string, readonly string[]>;

const TABLES_OF: Readonly<Record<string, readonly string[]>> = {
  cost: ["claude_code_models", "analytics_cost", "cost_lines"],
  claude_code_cost: ["claude_code_models", "analytics_cost"],
  uncached_input: ["usage_total", "usage_by_key", "usage_by_person", "analytics_usage", "claude_code_models"],
  output: ["usage_total", "usage_by_key", "usage_by_person", "analytics_usage", "claude_code_models"],
  cache_read: ["usage_total", "usage_by_key", "usage_by_person", "analytics_usage", "claude_code_models"],
  cache_creation: ["usage_total", "usage_by_key", "usage_by_person", "analytics_usage", "claude_code_models"],
  web_searches: ["usage_total", "usage_by_key", "usage_by_person", "analytics_usage"],
  requests: ["analytics_usage"],
  accepted: ["claude_code_activity", "claude_code_tools"],
  rejected: ["claude_code_activity", "claude_code_tools"],
};

/** One metric of the catalog; fills in what follows from its measure. */
export function defineMetric(
  spec: Omit<Metric, "additive" | "population" | "reasons" | "tables"> & Partial<Pick<Metric, "population">>,
): Metric {
  const { measure } = spec;
  const aboutPeople = measure.kind === "active" || measure.kind === "rolling" || measure.kind === "adoption";
  const tables = new Set(
    measure.kind === "gap"
      ? [measure.older.table, measure.newer.table]
      : termsOf(measure).flatMap((term) => TABLES_OF[term] ?? ["claude_code_activity"]),
  );
  if (aboutPeople || measure.kind === "per_active") tables.add("active_days");
  const divides = !["sum", "active", "rolling", "gap"].includes(measure.kind);
  const money = termsOf(measure).some((term) => term.includes("cost"));
  return {
    ...spec,
    additive: ["sum", "share", "gap"].includes(measure.kind),
    population: spec.population ?? (aboutPeople || measure.kind === "per_active" ? "humans" : "all"),
    tables: [...tables],
    reasons: [
      ...(divides ? (["zero_denominator"] as const) : []),
      "not_reported_by_source",
      "not_collected_yet",
      ...(money ? (["mixed_currency"] as const) : []),
    ],
  };
}

/** Every quantity a measure sums. */
export function termsOf(measure: Measure): readonly Term[] {
  if (measure.kind === "sum") return [...measure.plus, ...(measure.minus ?? [])];
  if (measure.kind === "ratio") return [...new Set([...measure.over, ...measure.under])];
  if (measure.kind === "share") return measure.of;
  if (measure.kind === "gap") return [...new Set([...measure.older.plus, ...measure.newer.plus])];
  return measure.kind === "per_active" ? [measure.of] : [];
}
