import type { AnswerRow, CostKind, Question, Value } from "../../metrics/index.ts";
import { isAnswer, type Asker } from "../money/asking.ts";
import type { Told } from "./field-notes.ts";
import type { CodingToolMetrics } from "./normalized-shape.ts";

export type Asked = Omit<Question, "metric">;

export const TOKENS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"] as const;
const COUNTS = [
  "sessions",
  "commits",
  "pull_requests",
  "lines_added",
  "lines_removed",
  "actions_accepted",
  "actions_rejected",
] as const;

/** Tokens of Claude Code itself, and not of the whole Messages API. */
export const OWN = { source: "claude_code" } as const;

type Sums = Record<(typeof COUNTS)[number], Told> & { readonly cost: Told<string | null> };
export type SumRow = Readonly<Record<string, Value>>;

/** What one period is asked of the metrics. */
export class Block {
  readonly #asker: Asker;
  readonly #asked: Asked;
  readonly #kind: CostKind;

  constructor(asker: Asker, asked: Asked, kind: CostKind) {
    this.#asker = asker;
    this.#asked = asked;
    this.#kind = kind;
  }

  async total(metric: string, more: Asked): Promise<Told> {
    const found = await this.#asker.tryAsk({ ...this.#asked, ...more, metric });
    return isAnswer(found) ? { value: found.total.value, reason: found.total.reason } : LACKING;
  }

  async money(more: Asked): Promise<Told<string | null>> {
    const { value, reason } = await this.total("cost", { kind: this.#kind, ...this.moneyWhere(), ...more });
    return { value: textOrNull(value), reason };
  }

  /** The bill and list prices are of all products: of those, only Claude Code counts here. */
  moneyWhere(): Asked {
    const isOfAll = this.#kind === "list" || this.#kind === "net";
    return isOfAll ? { where: [...(this.#asked.where ?? []), { dimension: "product", value: "claude_code" }] } : {};
  }

  async totals(population: "all" | "humans"): Promise<Sums> {
    const counts = await Promise.all(
      COUNTS.map(async (name) => [name, await this.total(name, { population })] as const),
    );
    const cost = await this.money({ population });
    return { ...(Object.fromEntries(counts) as Record<(typeof COUNTS)[number], Told>), cost };
  }

  /** Sums by one dimension side by side; null where the caller may see none of them. */
  async rows(dimension: "population" | "person" | "team", more: Asked): Promise<SumRow[] | null> {
    const by = [dimension];
    const columns: Readonly<Record<string, Question>> = {
      ...Object.fromEntries(COUNTS.map((metric) => [metric, { metric, by, ...more }])),
      tokens: { metric: "tokens", by, ...OWN, ...more },
      cost_usd: { metric: "cost", kind: this.#kind, by, ...this.moneyWhere(), ...more },
      ...(dimension === "team" ? { active_users: { metric: "active_users", by } } : {}),
      ...(dimension === "person" ? { active_person_days: { metric: "active_person_days", by } } : {}),
    };
    const places = new Map<string | null, Record<string, Value>>();
    let isTold = false;
    for (const [name, question] of Object.entries(columns)) {
      const found = await this.#asker.tryAsk({ ...this.#asked, ...question });
      if (!isAnswer(found)) continue;
      isTold = true;
      for (const row of found.rows) placeIn(places, row, dimension)[name] = row.value;
    }
    if (!isTold) return null;
    return [...places.values()];
  }

  /** Sums by one dimension, by its values. */
  async map<Name extends string>(
    dimension: string,
    metrics: readonly Name[],
    population: "all" | "humans",
    more: Asked = {},
  ): Promise<Record<string, Record<Name, Value>> | null> {
    const places = new Map<string | null, Record<string, Value>>();
    for (const metric of metrics) {
      const found = await this.#asker.tryAsk({ ...this.#asked, ...more, metric, by: [dimension], population });
      if (!isAnswer(found)) return null;
      for (const row of found.rows) placeIn(places, row, dimension)[metric] = row.value;
    }
    const filled = (row: Record<string, Value>) =>
      Object.fromEntries(metrics.map((name) => [name, row[name] ?? null])) as Record<Name, Value>;
    return Object.fromEntries([...places].map(([place, row]) => [place ?? "unknown", filled(row)]));
  }

  async costBy(dimension: string, population: "all" | "humans"): Promise<ReadonlyMap<string, string | null>> {
    const question = { ...this.#asked, metric: "cost", kind: this.#kind, by: [dimension], population };
    const found = await this.#asker.tryAsk({ ...question, ...this.moneyWhere() });
    if (!isAnswer(found)) return new Map();
    return new Map(found.rows.map((row) => [String(row[dimension] ?? "unknown"), textOrNull(row.value)]));
  }
}

const LACKING: Told = { value: null, reason: "not_reported_by_source" };

function placeIn(
  places: Map<string | null, Record<string, Value>>,
  row: AnswerRow,
  dimension: string,
): Record<string, Value> {
  const place = textOrNull((row[dimension] ?? null) as Value);
  const own = places.get(place) ?? { [dimension]: place };
  places.set(place, own);
  return own;
}

/** A row with every sum, those that nobody told of it 0 when another one is told. */
export function own(row: SumRow) {
  const of = (name: string): Value => row[name] ?? (name in row ? null : 0);
  return {
    sessions: of("sessions"),
    commits: of("commits"),
    pull_requests: of("pull_requests"),
    lines_added: of("lines_added"),
    lines_removed: of("lines_removed"),
    actions_accepted: of("actions_accepted"),
    actions_rejected: of("actions_rejected"),
    tokens: of("tokens"),
    cost_usd: "cost_usd" in row ? textOrNull(row["cost_usd"] ?? null) : "0.00",
  };
}

export async function modelsOf(
  block: Block,
  population: "all" | "humans",
): Promise<CodingToolMetrics["usage_by_model"]> {
  const tokens = await block.map("model", TOKENS, population, OWN);
  if (tokens === null) return null;
  const costs = await block.costBy("model", population);
  return Object.fromEntries(
    Object.entries(tokens).map(([model, row]) => [model, { ...row, cost_usd: costs.get(model) ?? null }]),
  );
}

export async function toolsOf(
  block: Block,
  population: "all" | "humans",
): Promise<CodingToolMetrics["actions_by_tool"]> {
  const tools = await block.map("tool", ["actions_accepted", "actions_rejected"], population);
  if (tools === null) return null;
  return Object.fromEntries(
    Object.entries(tools).map(([tool, row]) => [
      tool,
      { accepted: row.actions_accepted, rejected: row.actions_rejected },
    ]),
  );
}

export function textOrNull(value: Value): string | null {
  return value === null ? null : String(value);
}
