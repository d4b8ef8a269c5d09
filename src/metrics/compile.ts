import { Failure } from "../domain/index.ts";
import type { Span, Table } from "../domain/index.ts";
import type { Alike } from "./alike.ts";
import type { Dimension } from "./dimensions.ts";
import { dimensions, populationColumns } from "./dimensions.ts";
import { TOKEN_TYPES, facts } from "./facts.ts";
import type { Fact, Quantity, RowRule } from "./facts.ts";
import type { SourceChoice } from "./types.ts";

/** What to read, without a word about who reads it: pure data, made from catalog names only. */
export interface Plan {
  readonly fact: Fact;
  /** The roll-up or table that is read. */
  readonly from: string;
  /** Stored columns to group by, beside the day. */
  readonly groupBy: readonly string[];
  readonly byDay: boolean;
  readonly sums: readonly PlannedSum[];
  readonly where: readonly CodeFilter[];
  /** Codes of the organizations that this plan answers for. */
  readonly organizations: readonly number[];
  readonly span: Span;
  readonly alike?: Alike;
  /** Instead of the sums. */
  readonly extreme?: Extreme;
}

/**
 * The sum of the day on which it is largest, or what it cannot be larger than where a sum is read in two parts; or the
 * smallest value of a single row.
 */
export type Extreme = "largest_day" | "smallest_row";

export interface PlannedSum {
  readonly column: string;
  readonly pico: boolean;
}

/** A stored column whose code is, or is not, among these. */
export interface CodeFilter {
  readonly column: string;
  readonly codes: readonly number[];
  readonly negate: boolean;
}

/** What a question needs a table to have. */
export interface Needs {
  readonly quantities: readonly Quantity[];
  readonly by: readonly Dimension[];
  readonly where: readonly Dimension[];
  /** The population is other than `all`, so a row must say whose it is. */
  readonly population: boolean;
}

/** Dimensions that only Claude Code tells, or that it tells best: who did it, and where. */
const CLAUDE_CODE_FIRST: ReadonlySet<string> = new Set(["person", "team", "actor", "population", "terminal", "remote"]);

/**
 * The tables that can answer, those to prefer first; the caller chooses among them by coverage.
 *
 * `fallback` tables answer only when no preferred one was ever read.
 *
 * @throws Failure `input.dimensions_apart` or `input.dimension_not_available`.
 */
export function candidates(
  metric: string,
  quantity: Quantity,
  needs: Needs,
  tables: ReadonlyMap<string, Table>,
  source: SourceChoice | undefined,
): { readonly preferred: readonly Fact[]; readonly fallback: readonly Fact[] } {
  const giving = facts.filter((fact) => fact.gives[quantity] && (!source || fact.family === source));
  if (giving.length === 0) {
    const families = [...new Set(facts.filter((fact) => fact.gives[quantity]).map((fact) => fact.family))];
    throw new Failure("input.unknown_value", {
      field: "source",
      value: source ?? "none",
      choices: families.join(", ") || `no source reports ${metric} of this kind`,
    });
  }
  const asked = [...needs.by, ...needs.where];
  const fitting = giving.filter((fact) => asked.every((dimension) => hasDimension(fact, dimension, quantity, tables)));
  if (fitting.length === 0) refuse(metric, quantity, asked, giving, tables);
  const splits = (fact: Fact) => !needs.population || populationColumns(tables.get(fact.table)!) !== null;
  const usable = fitting.some(splits) ? fitting.filter(splits) : fitting;
  // What cannot split the population still tells coverage; its values are null with a reason.
  const blind = fitting.filter((fact) => !usable.includes(fact));
  const aboutPeople = needs.population || asked.some((dimension) => CLAUDE_CODE_FIRST.has(dimension.id));
  const first = aboutPeople && usable.some((fact) => fact.family === "claude_code");
  const preferred = usable.filter((fact) => (fact.family === "claude_code") === first);
  const others = usable.filter((fact) => (fact.family === "claude_code") !== first);
  if (preferred.length === 0) return { preferred: others, fallback: blind };
  return { preferred, fallback: [...others, ...blind] };
}

/** Whether the fact says the dimension; kinds of tokens are columns in the token tables. */
function hasDimension(
  fact: Fact,
  dimension: Dimension,
  quantity: Quantity,
  tables: ReadonlyMap<string, Table>,
): boolean {
  if (isTokenTypeByColumn(fact, dimension, quantity)) return true;
  const table = tables.get(fact.table);
  return table !== undefined && dimension.columnsIn(table) !== null;
}

/** The token type of a fact that has a column for each kind, and so no column that names it. */
export function isTokenTypeByColumn(fact: Fact, dimension: Dimension, quantity: Quantity): boolean {
  const columns = fact.gives[quantity]?.columns ?? [];
  return dimension.id === "token_type" && columns.length > 0 && columns.every((column) => column in TOKEN_TYPES);
}

function refuse(
  metric: string,
  quantity: Quantity,
  asked: readonly Dimension[],
  giving: readonly Fact[],
  tables: ReadonlyMap<string, Table>,
): never {
  const somewhere = (dimension: Dimension) => giving.some((fact) => hasDimension(fact, dimension, quantity, tables));
  const nowhere = asked.find((dimension) => !somewhere(dimension));
  if (nowhere) return refuseDimensionOf(metric, nowhere, giving, quantity, tables);
  const [first, second] = apart(asked, giving, quantity, tables);
  throw new Failure("input.dimensions_apart", { first: first.id, second: second.id });
}

function refuseDimensionOf(
  metric: string,
  dimension: Dimension,
  giving: readonly Fact[],
  quantity: Quantity,
  tables: ReadonlyMap<string, Table>,
): never {
  const choices = dimensions.filter((other) => giving.some((fact) => hasDimension(fact, other, quantity, tables)));
  const kinds = otherKinds(quantity).filter((kind) =>
    facts.some((fact) => fact.gives[kind] && hasDimension(fact, dimension, kind, tables)),
  );
  const elsewhere = kinds.map((kind) => kind.slice(kind.lastIndexOf("_") + 1)).join(" or ");
  throw new Failure("input.dimension_not_available", {
    metric: quantity.includes("cost") ? `${metric} (${quantity.slice(quantity.lastIndexOf("_") + 1)})` : metric,
    dimension: dimension.id,
    choices:
      choices.map((choice) => choice.id).join(", ") +
      (elsewhere && `; with --kind ${elsewhere} also by ${dimension.id}`),
  });
}

/** Two of the asked dimensions that no table has together; with three, any pair that is apart. */
function apart(
  asked: readonly Dimension[],
  giving: readonly Fact[],
  quantity: Quantity,
  tables: ReadonlyMap<string, Table>,
): readonly [Dimension, Dimension] {
  for (const first of asked) {
    for (const second of asked) {
      const both = (fact: Fact) => [first, second].every((one) => hasDimension(fact, one, quantity, tables));
      if (first !== second && !giving.some(both)) return [first, second];
    }
  }
  return [asked[0]!, asked.at(-1)!];
}

function otherKinds(quantity: Quantity): Quantity[] {
  const match = /^(.*cost)_(\w+)$/.exec(quantity);
  if (!match) return [];
  const kinds = ["estimated", "list", "net", "notional"] as const;
  const stem = match[1] === "cost" ? "cost" : "claude_code_cost";
  return kinds.filter((kind) => kind !== match[2]).map((kind): Quantity => `${stem}_${kind}`);
}

/** The smallest roll-up that holds every needed column, else the table itself. */
export function smallestTable(table: Table, columns: readonly string[], sums: readonly string[]): string {
  const holding = table.rollups.filter(
    (rollup) =>
      columns.every((column) => rollup.by.includes(column)) && sums.every((column) => rollup.sums.includes(column)),
  );
  holding.sort((a, b) => a.by.length - b.by.length);
  return holding[0]?.name ?? table.name;
}

/** A rule of the catalog as a filter on codes, by the codes of the texts it names. */
export function ruleFilter(rule: RowRule, codeOf: (text: string) => number | undefined): CodeFilter {
  const code = codeOf(rule.is ?? rule.isNot ?? "");
  return { column: rule.column, codes: code === undefined ? [] : [code], negate: rule.isNot !== undefined };
}
