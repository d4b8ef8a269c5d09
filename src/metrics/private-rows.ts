import { Failure } from "../domain/index.ts";
import type { Hiding, Scope, Span, Table } from "../domain/index.ts";
import type { Tx } from "../store/index.ts";
import { beginAsking } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { scanTable } from "./contributors.ts";
import type { Contribution } from "./contributors.ts";
import { findDimension, whoColumns, whoOf } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import { facts } from "./facts.ts";
import { hiddenGroups } from "./hidden-groups.ts";
import type { HiddenGroups } from "./hidden-groups.ts";
import { privateDimension } from "./private-question.ts";
import { resolve } from "./resolve.ts";
import { hiddenCells } from "./small-groups.ts";

type Text = string | null;
type Row = Readonly<Record<string, string | number | null>>;

/** Gives rows of an export as somebody may see them who sees nobody by name; in an order that tells nothing. */
export type HideRows = (rows: readonly Row[]) => Row[];

/** What stands for a value that would tell a small group apart. */
export const GENERALISED = "(hidden)";

/** Who is a member, was invited, made a key: names and nothing else. */
const DIRECTORY: ReadonlySet<string> = new Set(["users", "invites", "workspace_members", "api_keys"]);
const NOBODY: ReadonlySet<string> = new Set(["workspaces", "rate_limits"]);

/**
 * Whether the rows of a table may be taken out at all.
 *
 * @throws Failure `access.individuals` for tables of single people, where they may not be seen even under a pseudonym
 */
export function checkTable({ privacy }: Scope, table: Table): void {
  if (privacy.mode === "named") return;
  if (DIRECTORY.has(table.name)) refuse("Members, invites and keys are shown with the permission people only.");
  if (privacy.mode === "teams" && whoseColumns(table) !== null)
    refuse("Ask for a report by team instead: each of these rows is one person's.");
}

/**
 * How the rows of a table are shown in a privacy mode; null when as they are.
 *
 * @throws Failure `access.individuals`
 */
export async function rowHider(tx: Tx, scope: Scope, table: Table, span: Span): Promise<HideRows | null> {
  const { privacy } = scope;
  checkTable(scope, table);
  if (privacy.mode === "named" || NOBODY.has(table.name)) return null;
  const asking = await beginAsking(tx, scope, resolve({ metric: "tokens" }));
  if (whoseColumns(table) === null) return hideAmounts(asking, privacy, table, span);
  return underPseudonyms(asking, privacy, table, span);
}

/**
 * Swaps who for a pseudonym, and generalises what else the row says of them as far as too few people share it.
 */
async function underPseudonyms(asking: Asking, hiding: Hiding, table: Table, span: Span): Promise<HideRows> {
  const who = await asking.identities();
  const whose = whoseColumns(table)!;
  const attributes = ATTRIBUTES.filter((name) => name in table.columns);
  const dims = attributes.map(column);
  const organizations = asking.organizations.map(({ code }) => code);
  const request = { table, dims, organizations, span, columns: [], only: null, isAlone: true };
  const shared = sharedPrefixes(await scanTable(asking, request), attributes.length, hiding.minimumGroup);
  const actor = privateDimension(hiding, findDimension("actor"));
  const key = privateDimension(hiding, findDimension("api_key"));
  const columns = actor.columnsIn(table);
  const hideRow = (row: Row): Row => {
    const textsOf = (names: readonly string[]) => names.map((name) => row[name] as Text);
    const own = { ...row };
    const identity = whose.length === 1 && whose[0] === "api_key_id" ? keyIdentity(row) : whoOf(textsOf(whose), who);
    if ("api_key_id" in own) own["api_key_id"] = key.derive!(textsOf(["api_key_id"]), who, null);
    if (columns !== null && identity !== null && identity.population !== "service") {
      const label = actor.derive!(textsOf(columns), who, null);
      own[columns[0]!] = row[columns[0]!] === null ? null : label;
    }
    if ("actor_email" in own) own["actor_email"] = null;
    if (identity?.population === "service") return own;
    const known = shared(textsOf(attributes));
    for (const name of attributes.slice(known)) own[name] = GENERALISED;
    return own;
  };
  const keyIdentity = (row: Row) => (row["api_key_id"] === null ? null : who.ofApiKey(String(row["api_key_id"])));
  return (rows) => inOwnOrder(rows.map(hideRow));
}

/** From what tells least of a person to what tells most: the first ones are kept the longest. */
const ATTRIBUTES = [
  "organization_id",
  "actor_kind",
  "actor_type",
  "customer_type",
  "subscription_type",
  "product",
  "model",
  "tool",
  "service_tier",
  "context_window",
  "speed",
  "inference_geo",
  "is_remote",
  "terminal_type",
  "workspace_id",
];

/** Reports of everybody together: amounts of a group that is too small are left out. */
async function hideAmounts(asking: Asking, hiding: Hiding, table: Table, span: Span): Promise<HideRows> {
  const fact = facts.find((one) => one.table === table.name)!;
  const by = ["organization", "workspace", "model"]
    .map((id) => findDimension(id))
    .filter((dimension) => dimension.columnsIn(table) !== null);
  const quantities = Object.keys(fact.gives) as (keyof typeof fact.gives)[];
  const { organizations } = asking;
  const choice = { source: fact.stream, organizations, facts: new Map(quantities.map((one) => [one, fact])) };
  const split = { ...asking, resolved: { ...asking.resolved, by, where: [], population: "all" as const } };
  const groups: HiddenGroups = await hiddenGroups(split, hiding, [choice], span);
  const who = await asking.identities();
  const amounts = new Set(
    Object.keys(table.columns).filter((name) => ["count", "pico"].includes(table.columns[name]!.kind)),
  );
  return (rows) =>
    rows.map((row) => {
      const dims = by.map((dimension) => {
        const text = row[dimension.columnsIn(table)![0]!] as Text;
        return dimension.derive ? dimension.derive([text], who) : text;
      });
      if (!groups.everything && !groups.isHidden(dims)) return row;
      return Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, amounts.has(name.replace(/_usd$/, "_pico")) ? null : value]),
      );
    });
}

/**
 * How many of a row's attributes may stand beside a pseudonym: those, from the first, that enough people share
 * together. Where one value is hidden, so are as many others that those behind them are enough people again.
 */
function sharedPrefixes(
  contributions: readonly Contribution[],
  width: number,
  minimum: number,
): (values: readonly Text[]) => number {
  const root = reveal(contributions, 0, width, minimum);
  return (values) => {
    let node: Shared | undefined = root;
    let known = 0;
    while (known < width && (node = node?.get(values[known] ?? null))) known++;
    return known;
  };
}

/** The values of one attribute that may be shown, each with those of the next one. */
interface Shared {
  get(value: Text): Shared | undefined;
}

function reveal(contributions: readonly Contribution[], at: number, width: number, minimum: number): Shared {
  if (at === width) return new Map();
  const byValue = Map.groupBy(
    contributions.filter(({ who }) => who !== null),
    ({ values }) => values[at] ?? null,
  );
  const cells = [...byValue].map(([value, own]) => ({ dims: [value], people: new Set(own.map(({ who }) => who!)) }));
  const { cells: hidden } = hiddenCells(cells, minimum);
  const shown = cells.filter((cell) => !hidden.has(cell)).map(({ dims }) => dims[0] ?? null);
  return new Map(shown.map((value) => [value, reveal(byValue.get(value)!, at + 1, width, minimum)]));
}

/** Rows come in the order in which names were first seen, which may be that of the names. */
function inOwnOrder(rows: Row[]): Row[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(Object.values(row)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** The columns that say whose a row is, or null when it is of everybody. */
function whoseColumns(table: Table): readonly string[] | null {
  return whoColumns(table) ?? ("api_key_id" in table.columns ? ["api_key_id"] : null);
}

function column(name: string): Dimension {
  const columnsIn = (table: Table) => (name in table.columns ? [name] : null);
  return { id: name, title: name, description: name, columnsIn };
}

function refuse(remedy: string): never {
  throw new Failure("access.individuals", { field: "rows", remedy });
}
