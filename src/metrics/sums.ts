import { scrub, type Population, type Span } from "../domain/index.ts";
import { alikeCodes } from "./alike.ts";
import type { Asking } from "./asking.ts";
import { bucketOf } from "./buckets.ts";
import type { Choice } from "./choose.ts";
import { isTokenTypeByColumn, ruleFilter, smallestTable } from "./compile.ts";
import type { CodeFilter, Extreme, Plan } from "./compile.ts";
import { findDimension, populationColumns, populationOf } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import { TOKEN_TYPES } from "./facts.ts";
import type { Fact, Quantity, RowRule } from "./facts.ts";
import type { Filter } from "./resolve.ts";
import { select } from "./select.ts";
import type { SelectedRow } from "./select.ts";
import { tables } from "./tables.ts";
import { added, Groups } from "./tally.ts";
import type { Group, Tally } from "./tally.ts";
import type { Grain } from "./types.ts";

type Text = string | null;

export interface SumRequest {
  readonly quantities: readonly Quantity[];
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
  readonly population: Population;
  readonly grain: Grain | null;
  readonly span: Span;
  /** Further rules for rows of a quantity, beside the catalog's own. */
  readonly rules?: ReadonlyMap<Quantity, RowRule>;
  /** Instead of the sums; those of several codes of a group are added up. Not by day. */
  readonly extreme?: Extreme;
}

export interface Summed {
  readonly groups: readonly Group[];
  /** Quantities whose source cannot tell the population apart. */
  readonly unsplit: ReadonlySet<Quantity>;
}

/** Reads and folds the sums: SQL groups by stored codes and days, this adds people, teams, families, weeks, months. */
export async function sum(asking: Asking, choices: readonly Choice[], request: SumRequest): Promise<Summed> {
  const groups = new Groups();
  const unsplit = await sumInto(asking, choices, request, groups);
  return { groups: groups.all(), unsplit };
}

/** The same into whatever holds them. Gives the quantities whose source cannot tell the population apart. */
export async function sumInto<S>(
  asking: Asking,
  choices: readonly Choice[],
  request: SumRequest,
  into: Tally<S>,
): Promise<ReadonlySet<Quantity>> {
  const unsplit = new Set<Quantity>();
  for (const choice of choices) {
    for (const read of readsOf(choice, request)) {
      const table = tables.get(read.fact.table)!;
      if (request.population !== "all" && populationColumns(table) === null) {
        read.quantities.forEach((quantity) => unsplit.add(quantity));
        continue;
      }
      await fold(asking, choice, read, request, into);
    }
  }
  return unsplit;
}

/** One plan: quantities of one fact under one rule. */
interface Read {
  readonly fact: Fact;
  readonly rules: readonly RowRule[];
  readonly quantities: Quantity[];
  /** Rules of single quantities, where several were put into one reading: the rows are told apart afterwards. */
  readonly judged?: ReadonlyMap<Quantity, readonly RowRule[]>;
}

function readsOf(choice: Choice, request: SumRequest): Read[] {
  const reads = new Map<string, Read>();
  for (const quantity of request.quantities) {
    const fact = choice.facts.get(quantity)!;
    const rules = [fact.gives[quantity]!.only, request.rules?.get(quantity)].filter((rule) => rule !== undefined);
    const key = JSON.stringify([fact.table, rules]);
    const read = reads.get(key) ?? { fact, rules, quantities: [] };
    read.quantities.push(quantity);
    reads.set(key, read);
  }
  // Kinds of tokens are columns of one quantity and not of another: those stay apart.
  if ([...request.by, ...request.where.map((filter) => filter.dimension)].some(isTokenType)) return [...reads.values()];
  return [...Map.groupBy(reads.values(), ({ fact }) => fact.table).values()].map(inOnePass);
}

/** Readings of one table as one: a second pass over its rows costs more than telling them apart by their rules. */
function inOnePass(reads: readonly Read[]): Read {
  const [first, ...others] = reads;
  if (others.length === 0) return first!;
  const judged = new Map(reads.flatMap(({ quantities, rules }) => quantities.map((one) => [one, rules] as const)));
  return { fact: first!.fact, rules: [], quantities: [...judged.keys()], judged };
}

/** The rules of each quantity as codes. */
async function judgesOf(asking: Asking, { fact, judged }: Read): Promise<ReadonlyMap<Quantity, readonly CodeFilter[]>> {
  const judges = new Map<Quantity, readonly CodeFilter[]>();
  for (const [quantity, rules] of judged ?? []) {
    const filters: CodeFilter[] = [];
    for (const rule of rules) filters.push(await codesOfRule(asking, fact, rule));
    judges.set(quantity, filters);
  }
  return judges;
}

async function codesOfRule(asking: Asking, fact: Fact, rule: RowRule): Promise<CodeFilter> {
  const codes = await asking.texts.codes(dimOf(fact, rule.column), [rule.is ?? rule.isNot ?? null]);
  return ruleFilter(rule, (text) => codes.get(text));
}

async function fold<S>(asking: Asking, choice: Choice, read: Read, request: SumRequest, into: Tally<S>): Promise<void> {
  const table = tables.get(read.fact.table)!;
  const columnsOf = (dimension: Dimension) => dimension.columnsIn(table) ?? [];
  const typed = request.by.some((dimension) => isTokenTypeByColumn(read.fact, dimension, read.quantities[0]!));
  const { filters, rowFilters } = await filtersOf(asking, read, request);
  const judges = await judgesOf(asking, read);
  const columns = sumColumns(read, request);
  const smallest = request.extreme === "smallest_row";
  const money =
    !smallest && columns.some((column) => table.columns[column]?.kind === "pico") && "currency" in table.columns;
  const groupBy = [
    ...new Set([
      ...request.by.flatMap(columnsOf),
      ...rowFilters.flatMap(({ dimension }) => columnsOf(dimension)),
      ...(money ? ["currency"] : []),
      ...[...judges.values()].flatMap((rules) => rules.map(({ column }) => column)),
    ]),
  ];
  const needed = ["organization_id", "day", ...groupBy, ...filters.map((filter) => filter.column)];
  const kept = [...request.by, ...rowFilters.map((filter) => filter.dimension)];
  const who = kept.some((one) => one.derive) ? await asking.identities() : null;
  const byDay = request.grain !== null;
  const numerous = byDay && who !== null ? groupBy.find((column) => NUMEROUS.has(column)) : undefined;
  const readingIt = kept.filter((dimension) => numerous !== undefined && columnsOf(dimension).includes(numerous));
  const alike =
    numerous !== undefined && readingIt.every((dimension) => columnsOf(dimension).length === 1)
      ? await alikeCodes(asking, { column: numerous, dim: dimOf(read.fact, numerous) }, readingIt, who!)
      : null;
  const plan: Plan = {
    fact: read.fact,
    // The smallest value of a row is no sum of a roll-up.
    from: smallest ? table.name : smallestTable(table, needed, columns),
    groupBy,
    byDay,
    sums: columns.map((column) => ({ column, pico: table.columns[column]?.kind === "pico" })),
    where: filters,
    organizations: choice.organizations.map(({ code }) => code),
    span: request.span,
    ...(alike ? { alike } : {}),
    ...(request.extreme ? { extreme: request.extreme } : {}),
  };
  let textAt = await textReader(asking, plan, []);
  const positions = new Map(
    kept.map((dimension) => [dimension, columnsOf(dimension).map((column) => groupBy.indexOf(column))]),
  );
  const textsOf = (dimension: Dimension, row: SelectedRow): Text[] =>
    positions.get(dimension)!.map((at) => textAt(row, at));
  // Where nobody moved, nothing depends on the day.
  const changing = who === null || who.moved.size === 0 ? [] : kept.filter((dimension) => dimension.changesFor);
  const changingAt = [...new Set(changing.flatMap((dimension) => positions.get(dimension)!))];
  // The same people come again and again, once for each model and day.
  const changed = new Map<string | number, boolean>();
  const changes = (row: SelectedRow): boolean => {
    if (changing.length === 0) return false;
    const key = codesKey(changingAt.map((at) => row.codes[at]!));
    let known = changed.get(key);
    if (known === undefined) {
      known = changing.some((dimension) => dimension.changesFor!(textsOf(dimension, row), who!));
      changed.set(key, known);
    }
    return known;
  };
  const valueOf = (dimension: Dimension, row: SelectedRow): Text => {
    const texts = textsOf(dimension, row);
    return dimension.derive && who ? dimension.derive(texts, who, row.day) : (texts[0] ?? null);
  };
  const currency = groupBy.indexOf("currency");
  const parts = read.quantities
    .flatMap((quantity) =>
      read.fact.gives[quantity]!.columns.map((column) => ({
        quantity,
        column,
        at: columns.indexOf(column),
        isMoney: table.columns[column]?.kind === "pico",
        rules: (judges.get(quantity) ?? []).map((rule) => ({ ...rule, at: groupBy.indexOf(rule.column) })),
      })),
    )
    .filter(({ at }) => at >= 0);
  // Rows of the same codes stand in the same place on every day: their texts are looked up once.
  const places = new Map<string | number, FoldedPlace<S>>();
  const placeOf = (row: SelectedRow): FoldedPlace<S> => {
    const key = changes(row) ? `${row.codes.join()} ${row.day}` : codesKey(row.codes);
    let place = places.get(key);
    if (place) return place;
    const counts = rowFilters.every((filter) => filter.values.has(valueOf(filter.dimension, row)));
    const dims = request.by.map((one) => (typed && isTokenType(one) ? null : valueOf(one, row)));
    const spelled = parts.map(({ column }) =>
      typed ? dims.map((text, i) => (isTokenType(request.by[i]!) ? TOKEN_TYPES[column]! : text)) : dims,
    );
    const obeys = (i: number) =>
      parts[i]!.rules.every(({ codes, negate, at }) => codes.includes(row.codes[at]!) !== negate);
    const series = counts ? spelled.map((texts, i) => (obeys(i) ? into.seriesAt(texts, choice.source) : null)) : [];
    place = { series, foreign: money && isForeign(textAt(row, currency)) };
    places.set(key, place);
    return place;
  };
  const [first] = changing;
  for (const span of portions(plan)) {
    const part = { ...plan, span };
    const whole = await select(asking.tx, asking.scope, part);
    textAt = await textReader(asking, part, whole);
    const rows = part.byDay || !first ? whole : await withDays(asking, part, whole, columnsOf(first), changes);
    for (const row of rows) {
      const { series, foreign } = placeOf(row);
      if (series.length === 0) continue;
      const bucket = request.grain === null ? null : bucketOf(row.day!, request.grain);
      for (let i = 0; i < parts.length; i++) {
        const own = series[i];
        if (!own) continue;
        const { quantity, at, isMoney } = parts[i]!;
        const amount = row.sums[at]!;
        into.add(own, bucket, quantity, amount, foreign && isMoney && amount !== null);
      }
    }
  }
}

/** Columns with a value for each person or key. */
const NUMEROUS: ReadonlySet<string> = new Set(["actor", "account_id", "api_key_id"]);
const DAYS_A_PORTION = 10;
const FEW = 200;

/** By day, thousands of people are hundreds of thousands of rows: they are read and summed some days at a time. */
function portions({ byDay, groupBy, where, alike, span }: Plan): Span[] {
  const isFew = (column: string) =>
    column === alike?.column || where.some((one) => one.column === column && !one.negate && one.codes.length <= FEW);
  if (!byDay || !groupBy.some((column) => NUMEROUS.has(column) && !isFew(column))) return [span];
  const found: Span[] = [];
  for (let from = span.from; from < span.to; from += DAYS_A_PORTION)
    found.push({ from, to: Math.min(span.to, from + DAYS_A_PORTION) });
  return found;
}

/** One key for some codes; a number is much cheaper to make and to find than a text. */
function codesKey(codes: readonly number[]): string | number {
  const [first = 0, second = 0] = codes;
  const fits = codes.length <= 2 && first < MOST_CODES && second < MOST_CODES;
  return fits ? first * MOST_CODES + second : codes.join();
}

const MOST_CODES = 2 ** 26;

/**
 * The rows again by day where a dimension's value depends on it: only of those people of whom it does, so that the
 * others cost nothing.
 */
async function withDays(
  asking: Asking,
  plan: Plan,
  rows: readonly SelectedRow[],
  columns: readonly string[],
  changes: (row: SelectedRow) => boolean,
): Promise<readonly SelectedRow[]> {
  const changing = rows.filter(changes);
  if (changing.length === 0) return rows;
  const column = columns[0]!;
  const codes = [...new Set(changing.map((row) => row.codes[plan.groupBy.indexOf(column)]!))];
  const where = [...plan.where, { column, codes, negate: false }];
  // On no day they come to more than on all of them.
  const { extreme: _, ...summed } = plan;
  const byDay = await select(asking.tx, asking.scope, { ...summed, byDay: true, where });
  return [...rows.filter((row) => !changes(row)), ...byDay.filter(changes)];
}

/** Where the rows of some codes go: a series for each part that is summed, none when a filter leaves them out. */
interface FoldedPlace<S> {
  readonly series: readonly (S | null)[];
  readonly foreign: boolean;
}

function sumColumns(read: Read, { where }: SumRequest): string[] {
  return [...new Set(read.quantities.flatMap((quantity) => columnsAsked(read.fact, quantity, where)))];
}

/** The columns to sum; `where token_type = …` leaves out those of other types where each type is a column. */
export function columnsAsked(fact: Fact, quantity: Quantity, where: readonly Filter[]): readonly string[] {
  const types = where.find(({ dimension }) => isTokenTypeByColumn(fact, dimension, quantity));
  const { columns } = fact.gives[quantity]!;
  return types ? columns.filter((column) => types.values.has(TOKEN_TYPES[column] ?? null)) : columns;
}

function isTokenType(dimension: Dimension): boolean {
  return dimension.id === "token_type";
}

/** Filters that SQL can apply to codes, and those that need texts of several columns. */
async function filtersOf(
  asking: Asking,
  read: Read,
  request: SumRequest,
): Promise<{ filters: CodeFilter[]; rowFilters: Filter[] }> {
  const table = tables.get(read.fact.table)!;
  const filters: CodeFilter[] = [];
  const rowFilters: Filter[] = [];
  for (const rule of read.rules) filters.push(await codesOfRule(asking, read.fact, rule));
  for (const filter of request.where) {
    if (isTokenTypeByColumn(read.fact, filter.dimension, read.quantities[0]!)) continue;
    const columns = filter.dimension.columnsIn(table)!;
    if (columns.length > 1) rowFilters.push(filter);
    else if (filter.dimension.changesFor) {
      const dated = await datedFilter(asking, read.fact, filter, columns[0]!, request.span);
      filters.push(dated.filter);
      if (dated.isOfDays) rowFilters.push(filter);
    } else if (columns[0] === "service_actor") filters.push(await populationFilter(asking, columns[0], filter.values));
    else filters.push(await codeFilter(asking, read.fact, filter, columns[0]!));
  }
  if (request.population !== "all") {
    const columns = populationColumns(table)!;
    if (columns.length === 1) filters.push(await populationFilter(asking, columns[0]!, new Set([request.population])));
    else rowFilters.push({ dimension: findDimension("population"), values: new Set([request.population]) });
  }
  return { filters, rowFilters };
}

/** The codes of which the value is asked on any day of the range; the rows decide where it is not on all of them. */
async function datedFilter(
  asking: Asking,
  fact: Fact,
  filter: Filter,
  column: string,
  span: Span,
): Promise<{ readonly filter: CodeFilter; readonly isOfDays: boolean }> {
  const who = await asking.identities();
  if (who.moved.size === 0) return { filter: await codeFilter(asking, fact, filter, column), isOfDays: false };
  const { derive, changesFor } = filter.dimension;
  const known = await asking.texts.all(dimOf(fact, column));
  const codes: number[] = filter.values.has(derive!([null], who, null)) ? [0] : [];
  let isOfDays = false;
  for (const [code, text] of known) {
    if (!changesFor!([text], who)) {
      if (filter.values.has(derive!([text], who, null))) codes.push(code);
      continue;
    }
    const days = Array.from({ length: span.to - span.from }, (_, index) => span.from + index);
    const asked = days.filter((day) => filter.values.has(derive!([text], who, day)));
    if (asked.length > 0) codes.push(code);
    isOfDays ||= asked.length > 0 && asked.length < days.length;
  }
  warnUnknown(asking, filter, codes.length);
  return { filter: { column, codes, negate: false }, isOfDays };
}

async function codeFilter(asking: Asking, fact: Fact, filter: Filter, column: string): Promise<CodeFilter> {
  const dim = dimOf(fact, column);
  const { derive } = filter.dimension;
  if (!derive) {
    const codes = [...(await asking.texts.codes(dim, filter.values)).values()];
    warnUnknown(asking, filter, codes.length);
    return { column, codes, negate: false };
  }
  const who = await asking.identities();
  const known = await asking.texts.all(dim);
  const codes = [...known].filter(([, text]) => filter.values.has(derive([text], who, null))).map(([code]) => code);
  if (filter.values.has(derive([null], who, null))) codes.push(0);
  warnUnknown(asking, filter, codes.length);
  return { column, codes, negate: false };
}

/** `service_actor` is null for people; of the others only those with a person for an owner are human. */
async function populationFilter(
  asking: Asking,
  column: string,
  asked: ReadonlySet<string | null>,
): Promise<CodeFilter> {
  const who = await asking.identities();
  const others = [...(await asking.nonUserActors())];
  const codes = others.filter(([, text]) => asked.has(populationOf([text], who))).map(([code]) => code);
  return { column, codes: asked.has("humans") ? [0, ...codes] : codes, negate: false };
}

async function textReader(
  asking: Asking,
  plan: Plan,
  rows: readonly SelectedRow[],
): Promise<(row: SelectedRow, at: number) => Text> {
  const maps = await Promise.all(
    plan.groupBy.map((column, at) =>
      asking.texts.of(dimOf(plan.fact, column), new Set(rows.map((row) => row.codes[at]!))),
    ),
  );
  return (row, at) => maps[at]?.get(row.codes[at]!) ?? null;
}

function warnUnknown(asking: Asking, { dimension, values }: Filter, found: number): void {
  if (found > 0 || asking.warnings.some((warning) => warning.code === "no_such_value")) return;
  // It is repeated as it was typed, and it may have been a key.
  const shown = scrub([...values].map((value) => JSON.stringify(value)).join(", "));
  asking.warnings.push({ code: "no_such_value", message: `No row has ${dimension.id} ${shown}.` });
}

function dimOf(fact: Fact, column: string): string {
  const description = tables.get(fact.table)?.columns[column];
  if (description?.kind !== "dim") throw new TypeError(`${fact.table}.${column} is no dimension`);
  return description.dim;
}

function isForeign(currency: Text): boolean {
  return currency !== null && currency !== "USD";
}

/** All groups as one. */
export function totalOf(groups: readonly Group[]): Group {
  const sources = [...new Set(groups.map((group) => group.source))];
  const total: Group = { dims: [], bucket: null, source: sources.join(", "), values: new Map(), mixed: false };
  for (const group of groups) {
    for (const [quantity, value] of group.values) total.values.set(quantity, added(total.values.get(quantity), value));
    total.mixed ||= group.mixed;
  }
  return total;
}
