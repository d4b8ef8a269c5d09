import { sql } from "kysely";

import type { Population, Span, Table } from "../domain/index.ts";
import type { Tx } from "../store/index.ts";
import { activeColumns } from "./active-scan.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import { ruleFilter, smallestTable } from "./compile.ts";
import type { CodeFilter, Plan } from "./compile.ts";
import { contributorsInBits, IN_BITS } from "./contributors-in-bits.ts";
import { whoColumns, whoOf } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import type { Fact, RowRule } from "./facts.ts";
import type { Identities } from "./identity.ts";
import type { Organization } from "./organizations.ts";
import { isAboutPeople } from "./resolve.ts";
import { conditions, select } from "./select.ts";
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
 *
 * @param enough so many people are a group: without a split it is only found out whether there are as many
 */
export async function contributorsOf(
  asking: Asking,
  choices: readonly Choice[],
  dims: readonly Dimension[],
  span: Span,
  enough: number,
): Promise<Scan[]> {
  const { metric, activeRule, population } = asking.resolved;
  const until = dims.length === 0 ? { people: enough, population } : null;
  if (isAboutPeople(metric)) {
    const window = metric.measure.kind === "rolling" ? metric.measure.days - 1 : 0;
    const reach = { from: span.from - window, to: span.to };
    const { organizations } = asking;
    if (dims.every(({ id }) => IN_BITS.has(id))) {
      const request = { organizations, dims, span: reach, rule: activeRule, enough: until };
      return [{ dims, contributions: await contributorsInBits(asking, request), unknown: false }];
    }
    const { table, columns } = activeColumns(metric.id, dims, activeRule);
    const codes = organizations.map(({ code }) => code);
    const request = { table, dims, organizations: codes, span: reach, columns, only: null, isAlone: true };
    return [{ dims, contributions: await scanTable(asking, request), unknown: false }];
  }
  const scans: Scan[] = [];
  for (const choice of choices) {
    for (const source of sourcesOf(choice)) {
      const request = { ...source, dims, organizations: choice.organizations, span, enough: until };
      scans.push(await scanSource(asking, request));
    }
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

/** Ends a look-up once so many of this population were found: for who asks only whether there are enough. */
export interface Enough {
  readonly people: number;
  readonly population: Population;
}

interface SourceRequest {
  readonly fact: Fact;
  readonly only: RowRule | null;
  readonly dims: readonly Dimension[];
  readonly organizations: readonly Organization[];
  readonly span: Span;
  readonly enough: Enough | null;
}

async function scanSource(asking: Asking, request: SourceRequest): Promise<Scan> {
  const { fact, dims, organizations, span, enough } = request;
  const only = request.only && (await leavesRowsOut(asking, fact, request.only)) ? request.only : null;
  if (fact.family === "claude_code" && only === null && dims.every(({ id }) => IN_BITS.has(id))) {
    const contributions = await contributorsInBits(asking, { organizations, dims, span, rule: "any", enough });
    return { dims, contributions, unknown: false };
  }
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
    contributions.push(
      ...(await scanTable(asking, {
        table,
        dims: shared,
        organizations: organizations.map(({ code }) => code),
        span,
        columns: [],
        only: saysWho ? only : null,
        isAlone: same.length === 1,
        enough,
      })),
    );
  }
  return { dims: shared, contributions, unknown: !saysWho && contributions.length === 0 };
}

/** Where nobody has a subscription, every row is of the one kind. */
async function leavesRowsOut(asking: Asking, { table }: Fact, rule: RowRule): Promise<boolean> {
  if (rule.isNot === undefined) return true;
  return (await asking.texts.codes(dimOf(tables.get(table)!, rule.column), [rule.isNot])).size > 0;
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
  readonly enough?: Enough | null;
}

/** Everybody who has a row in one table, once a place; read once a snapshot, however many questions ask it. */
export function scanTable(asking: Asking, request: ScanRequest): Promise<readonly Contribution[]> {
  const known = ofSnapshot.get(asking.tx) ?? new Map<string, Promise<readonly Contribution[]>>();
  ofSnapshot.set(asking.tx, known);
  const { table, dims, ...rest } = request;
  const key = JSON.stringify([asking.scope.tenantId, table.name, dims.map(({ id }) => id), rest]);
  const reading = known.get(key) ?? readTable(asking, request);
  known.set(key, reading);
  return reading;
}

const ofSnapshot = new WeakMap<Tx, Map<string, Promise<readonly Contribution[]>>>();

async function readTable(asking: Asking, request: ScanRequest): Promise<Contribution[]> {
  const { enough } = request;
  const plan = await planOf(asking, request);
  if (enough) {
    const first = await firstRows(asking, plan);
    const found = await contributionsIn(asking, request, plan, first);
    const counted = found.filter(({ population }) => enough.population === "all" || population === enough.population);
    const people = new Set(counted.flatMap(({ who }) => who ?? [])).size;
    if (first.length < FIRST || people >= enough.people) return found;
  }
  return contributionsIn(asking, request, plan, await select(asking.tx, asking.scope, plan));
}

async function planOf(asking: Asking, { table, dims, columns, only, ...request }: ScanRequest): Promise<Plan> {
  const who = await asking.identities();
  const groupBy = [...new Set([...whoseColumns(table), ...dims.flatMap((dimension) => dimension.columnsIn(table)!)])];
  const where: CodeFilter[] = only ? [await onlyFilter(asking, table, only)] : [];
  const needed = ["organization_id", "day", ...groupBy, ...where.map((filter) => filter.column)];
  return {
    fact: { table: table.name, stream: "", family: "messages", gives: {} },
    from: smallestTable(table, needed, columns),
    groupBy,
    byDay: who.moved.size > 0 && dims.some((dimension) => dimension.changesFor !== undefined),
    sums: columns.map((column) => ({ column, pico: false })),
    where,
    organizations: request.organizations,
    span: request.span,
  };
}

async function contributionsIn(
  asking: Asking,
  { table, dims, columns, isAlone }: ScanRequest,
  { groupBy }: Plan,
  rows: readonly SelectedRow[],
): Promise<Contribution[]> {
  const who = await asking.identities();
  const texts = await Promise.all(
    groupBy.map((column, at) => asking.texts.of(dimOf(table, column), new Set(rows.map((row) => row.codes[at]!)))),
  );
  const textsOf = (row: SelectedRow, names: readonly string[]): Text[] =>
    names.map((name) => {
      const at = groupBy.indexOf(name);
      return texts[at]!.get(row.codes[at]!) ?? null;
    });
  const whose = whoseColumns(table);
  const seen = new Map<string, Contribution>();
  for (const row of rows) {
    if (columns.length > 0 && !row.sums.some((sum) => sum !== null && sum > 0n)) continue;
    const values = dims.map((dimension) => {
      const own = textsOf(row, dimension.columnsIn(table)!);
      return dimension.derive ? dimension.derive(own, who, row.day) : (own[0] ?? null);
    });
    const contribution = { values, ...contributorOf(textsOf(row, whose), whose, who, isAlone) };
    seen.set(JSON.stringify(contribution), contribution);
  }
  return [...seen.values()];
}

function whoseColumns(table: Table): readonly string[] {
  return whoColumns(table) ?? ["api_key_id"];
}

/** Among so many there are enough people, where there are at all. */
const FIRST = 512;

/** Who stands in the first rows: the database ends its look there. */
async function firstRows(asking: Asking, plan: Plan): Promise<SelectedRow[]> {
  const impossible = plan.where.some((filter) => filter.codes.length === 0 && !filter.negate);
  if (plan.organizations.length === 0 || impossible) return [];
  const columns = plan.groupBy.map((name) => sql.ref(name));
  const { rows } = await sql<Record<string, unknown>>`
    select distinct ${sql.join(columns)}
    from ${sql.table(plan.from)}
    where ${conditions(asking.scope, plan)}
    limit ${FIRST}
  `.execute(asking.tx.db);
  return rows.map((row) => ({ codes: plan.groupBy.map((name) => Number(row[name])), day: null, sums: [] }));
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
