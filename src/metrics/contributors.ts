import type { Population, Span, Table } from "../domain/index.ts";
import { activeColumns } from "./active-scan.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import { ruleFilter, smallestTable } from "./compile.ts";
import type { CodeFilter, Plan } from "./compile.ts";
import { whoColumns, whoOf } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import type { Fact, RowRule } from "./facts.ts";
import type { Identities } from "./identity.ts";
import { isAboutPeople } from "./resolve.ts";
import { select } from "./select.ts";
import type { SelectedRow } from "./select.ts";
import { tables } from "./tables.ts";

type Text = string | null;

/** Somebody who has a row in a place, over all days of the range. */
export interface Contribution {
  /** Of each dimension of the scan. */
  readonly values: readonly Text[];
  /** A person; or a key that nobody claimed, as somebody may be behind it. Services are nobody. */
  readonly who: string | null;
  readonly population: Population;
}

/** Everybody who has a row in one source of an answer. */
export interface Scan {
  readonly dims: readonly Dimension[];
  readonly contributions: readonly Contribution[];
  /** The source's own rows do not say whose they are, and no other report of the same use was read. */
  readonly unknown: boolean;
}

/** Reports of the same use that say whose it is, each a part of it: by key, and by account. */
export const WHOSE = ["usage_by_key", "usage_by_person"] as const;

/**
 * Looks up who stands behind the figures of an answer, split by these dimensions; those that a source cannot tell of
 * people are left out of its scan.
 */
export async function contributorsOf(
  asking: Asking,
  choices: readonly Choice[],
  dims: readonly Dimension[],
  span: Span,
): Promise<Scan[]> {
  const { metric, activeRule } = asking.resolved;
  const organizations = asking.organizations.map(({ code }) => code);
  if (isAboutPeople(metric)) {
    const { table, columns } = activeColumns(metric.id, dims, activeRule);
    const window = metric.measure.kind === "rolling" ? metric.measure.days - 1 : 0;
    const reach = { from: span.from - window, to: span.to };
    const request = { table, dims, organizations, span: reach, columns, only: null, isAlone: true };
    return [{ dims, contributions: await scanTable(asking, request), unknown: false }];
  }
  const scans: Scan[] = [];
  for (const choice of choices) {
    const codes = choice.organizations.map(({ code }) => code);
    for (const { fact, only } of sourcesOf(choice)) scans.push(await scanSource(asking, fact, only, dims, codes, span));
  }
  return scans;
}

/** Each table once under each rule for its rows. */
function sourcesOf(choice: Choice): { fact: Fact; only: RowRule | null }[] {
  const sources = new Map<string, { fact: Fact; only: RowRule | null }>();
  for (const [quantity, fact] of choice.facts) {
    const only = fact.gives[quantity]?.only ?? null;
    sources.set(JSON.stringify([fact.table, only]), { fact, only });
  }
  return [...sources.values()];
}

async function scanSource(
  asking: Asking,
  fact: Fact,
  only: RowRule | null,
  dims: readonly Dimension[],
  organizations: readonly number[],
  span: Span,
): Promise<Scan> {
  const own = tables.get(fact.table)!;
  const saysWho = whoColumns(own) !== null && fact.family !== "messages";
  const candidates = saysWho ? [own] : WHOSE.map((name) => tables.get(name)!);
  const known = (table: Table) => dims.filter((dimension) => dimension.columnsIn(table) !== null);
  const most = Math.max(...candidates.map((table) => known(table).length));
  // Only those that tell all of what any of them tells can be put together.
  const read = candidates.filter((table) => known(table).length === most);
  const shared = known(read[0]!);
  const same = read.filter((table) => shared.every((dimension) => dimension.columnsIn(table) !== null));
  const contributions: Contribution[] = [];
  for (const table of same) {
    const request = { table, dims: shared, organizations, span, columns: [], isAlone: same.length === 1 };
    contributions.push(...(await scanTable(asking, { ...request, only: saysWho ? only : null })));
  }
  return { dims: shared, contributions, unknown: !saysWho && contributions.length === 0 };
}

export interface ScanRequest {
  readonly table: Table;
  readonly dims: readonly Dimension[];
  readonly organizations: readonly number[];
  readonly span: Span;
  /** One of these is above 0 in a row that counts; none: every row counts. */
  readonly columns: readonly string[];
  readonly only: RowRule | null;
  /** No other table says whose the rows are that this one does not tell. */
  readonly isAlone: boolean;
}

/** Everybody who has a row in one table, once a place. */
export async function scanTable(asking: Asking, request: ScanRequest): Promise<Contribution[]> {
  const { table, dims, columns, only, span } = request;
  const who = await asking.identities();
  const whose = whoColumns(table) ?? ["api_key_id"];
  const columnsOf = (dimension: Dimension) => dimension.columnsIn(table)!;
  const groupBy = [...new Set([...whose, ...dims.flatMap(columnsOf)])];
  const where: CodeFilter[] = only ? [await onlyFilter(asking, table, only)] : [];
  const needed = ["organization_id", "day", ...groupBy, ...where.map((filter) => filter.column)];
  const plan: Plan = {
    fact: { table: table.name, stream: "", family: "messages", gives: {} },
    from: smallestTable(table, needed, columns),
    groupBy,
    byDay: who.moved.size > 0 && dims.some((dimension) => dimension.changesFor !== undefined),
    sums: columns.map((column) => ({ column, pico: false })),
    where,
    organizations: request.organizations,
    span,
  };
  const rows = await select(asking.tx, asking.scope, plan);
  const texts = await Promise.all(
    groupBy.map((column, at) =>
      asking.texts.of(dimOf(table, column), new Set(rows.map((row) => Number(row.codes[at])))),
    ),
  );
  const textsOf = (row: SelectedRow, names: readonly string[]): Text[] =>
    names.map((name) => {
      const at = groupBy.indexOf(name);
      return texts[at]!.get(Number(row.codes[at])) ?? null;
    });
  const seen = new Map<string, Contribution>();
  for (const row of rows) {
    if (columns.length > 0 && !row.sums.some((sum) => sum !== null && sum > 0n)) continue;
    const values = dims.map((dimension) => {
      const own = textsOf(row, columnsOf(dimension));
      return dimension.derive ? dimension.derive(own, who, row.day) : (own[0] ?? null);
    });
    const contribution = { values, ...contributorOf(textsOf(row, whose), whose, who, request.isAlone) };
    seen.set(JSON.stringify(contribution), contribution);
  }
  return [...seen.values()];
}

function contributorOf(
  texts: readonly Text[],
  columns: readonly string[],
  who: Identities,
  isAlone: boolean,
): Pick<Contribution, "who" | "population"> {
  const isKey = columns[0] === "api_key_id";
  // Use without a key, or of a key in a report by account: the other report tells whose it is.
  const untold = texts.every((text) => text === null);
  if (untold) return { who: isAlone ? "untold" : null, population: "unmapped" };
  const identity = isKey ? who.ofApiKey(texts[0]!) : whoOf(texts, who);
  if (identity === null) return { who: "untold", population: "unmapped" };
  if (identity.population === "service") return { who: null, population: "service" };
  const id = identity.population === "humans" ? `person:${identity.person}` : `key:${identity.label}`;
  return { who: id, population: identity.population };
}

async function onlyFilter(asking: Asking, table: Table, rule: RowRule): Promise<CodeFilter> {
  const codes = await asking.texts.codes(dimOf(table, rule.column), [rule.is ?? rule.isNot ?? null]);
  return ruleFilter(rule, (text) => codes.get(text));
}

function dimOf(table: Table, column: string): string {
  const description = table.columns[column];
  if (description?.kind !== "dim") throw new TypeError(`${table.name}.${column} is no dimension`);
  return description.dim;
}
