import { sql } from "kysely";

import { Failure } from "../domain/index.ts";
import type { DayNumber, Population, Span, Table } from "../domain/index.ts";
import { claudeCodeActiveDays } from "../source/index.ts";
import type { Asking } from "./asking.ts";
import type { CodeFilter } from "./compile.ts";
import { ruleFilter } from "./compile.ts";
import type { Dimension } from "./dimensions.ts";
import type { RowRule } from "./facts.ts";
import { identityLabel } from "./identity.ts";
import type { Organization } from "./organizations.ts";
import type { Filter } from "./resolve.ts";
import { conditions } from "./select.ts";
import { tables } from "./tables.ts";
import type { ActiveRule } from "./types.ts";

type Text = string | null;

/** A person (or a service) active on a day, with the dimensions that were asked. */
export interface ActiveDay {
  readonly dims: readonly Text[];
  readonly day: DayNumber;
  readonly person: string;
}

/** Most actor-days that a question may read when the daily bit sets cannot answer it. */
export const MOST_ACTOR_DAYS = 2_000_000;

const TOKENS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"];

/** Tables that can say who was active, each with the rules it can judge. */
const ACTIVE_COLUMNS: Readonly<Record<string, Partial<Record<ActiveRule, readonly string[]>>>> = {
  claude_code_activity: claudeCodeActiveDays.rules,
  claude_code_models: { any: TOKENS, token: TOKENS },
  claude_code_tools: { any: ["accepted", "rejected"], engaged: ["accepted"] },
};

export interface ScanRequest {
  readonly organizations: readonly Organization[];
  readonly span: Span;
  readonly rule: ActiveRule;
  readonly population: Population;
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
  /** Rows that count; null is all of them. */
  readonly only: RowRule | null;
}

/**
 * Finds active people in the rows themselves, for dimensions that the daily bit sets do not keep.
 *
 * @throws Failure `input.invalid` above `MOST_ACTOR_DAYS`.
 */
export async function scanActive(asking: Asking, request: ScanRequest): Promise<ActiveDay[]> {
  const { by, where, rule } = request;
  const table = tableFor(asking.resolved.metric.id, [...by, ...where.map((filter) => filter.dimension)], rule);
  const columns = ACTIVE_COLUMNS[table.name]![rule]!;
  const columnsOf = (dimension: Dimension) => dimension.columnsIn(table)!;
  const groupBy = [...new Set(["actor", ...[...by, ...where.map((one) => one.dimension)].flatMap(columnsOf)])];
  const filters: CodeFilter[] = request.only ? [await onlyFilter(asking, table, request.only)] : [];
  const plan = { organizations: request.organizations.map(({ code }) => code), span: request.span, where: filters };
  if (plan.organizations.length === 0 || filters.some((filter) => filter.codes.length === 0 && !filter.negate))
    return [];
  const names = [...groupBy, "day"].map((name) => sql.ref(name));
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join(names)}
    from ${sql.table(table.name)}
    where ${conditions(asking.scope, plan)}
    group by ${sql.join(names)}
    having ${sql.join(
      columns.map((column) => sql`sum(${sql.ref(column)}) > 0`),
      sql` or `,
    )}
    limit ${MOST_ACTOR_DAYS + 1}
  `.execute(asking.tx.db);
  if (rows.length > MOST_ACTOR_DAYS) refuseSize();
  const texts = await Promise.all(
    groupBy.map((column) => asking.texts.of(dimName(table, column), new Set(rows.map((row) => Number(row[column]))))),
  );
  const who = await asking.identities();
  const textOf = (row: Record<string, unknown>, column: string): Text =>
    texts[groupBy.indexOf(column)]!.get(Number(row[column])) ?? null;
  const valueOf = (dimension: Dimension, row: Record<string, unknown>): Text => {
    const parts = columnsOf(dimension).map((column) => textOf(row, column));
    return dimension.derive ? dimension.derive(parts, who, Number(row["day"])) : (parts[0] ?? null);
  };
  return rows.flatMap((row) => {
    const actor = textOf(row, "actor");
    if (actor === null) return [];
    const identity = who.ofActor(actor);
    if (request.population !== "all" && identity.population !== request.population) return [];
    if (!where.every((filter) => filter.values.has(valueOf(filter.dimension, row)))) return [];
    return [{ dims: by.map((one) => valueOf(one, row)), day: Number(row["day"]), person: identityLabel(identity) }];
  });
}

/** The table that can say who was active, split so, and the columns of which one is above 0 in an active row. */
export function activeColumns(
  metric: string,
  asked: readonly Dimension[],
  rule: ActiveRule,
): { readonly table: Table; readonly columns: readonly string[] } {
  const table = tableFor(metric, asked, rule);
  return { table, columns: ACTIVE_COLUMNS[table.name]![rule]! };
}

function tableFor(metric: string, asked: readonly Dimension[], rule: ActiveRule): Table {
  const candidates = Object.keys(ACTIVE_COLUMNS).map((name) => tables.get(name)!);
  const fitting = candidates.filter((table) => asked.every((dimension) => dimension.columnsIn(table) !== null));
  const [table] = fitting.filter((one) => ACTIVE_COLUMNS[one.name]![rule]);
  if (table) return table;
  const own = asked.find((dimension) => dimension.columnsIn(candidates[0]!) === null)!;
  if (fitting.length > 0) {
    throw new Failure("input.dimension_not_available", {
      metric: `${metric} by the rule ${rule}`,
      dimension: own.id,
      choices: "organization, team, customer_type, subscription_type, terminal, remote",
    });
  }
  const other = asked.find((dimension) => dimension !== own && dimension.columnsIn(candidates[0]!) === null);
  throw new Failure("input.dimensions_apart", {
    first: own.id,
    second: (other ?? asked.find((one) => one !== own)!).id,
  });
}

async function onlyFilter(asking: Asking, table: Table, rule: RowRule): Promise<CodeFilter> {
  const codes = await asking.texts.codes(dimName(table, rule.column), [rule.is ?? rule.isNot ?? null]);
  return ruleFilter(rule, (text) => codes.get(text));
}

function dimName(table: Table, column: string): string {
  const description = table.columns[column];
  if (description?.kind !== "dim") throw new TypeError(`${table.name}.${column} is no dimension`);
  return description.dim;
}

function refuseSize(): never {
  throw new Failure("input.invalid", {
    field: "range",
    problem: `it holds more than ${MOST_ACTOR_DAYS} actor-days, which this split has to read one by one`,
    remedy: "Ask for a shorter range, or leave out every dimension but team and organization.",
  });
}
