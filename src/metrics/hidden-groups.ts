import type { Hiding, Span } from "../domain/index.ts";
import { logState } from "../store/index.ts";
import type { Asking } from "./asking.ts";
import type { Choice } from "./choose.ts";
import { contributorsOf } from "./contributors.ts";
import type { Contribution, Scan } from "./contributors.ts";
import { findDimension } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";
import { INDIVIDUAL } from "./private-question.ts";
import type { Filter } from "./resolve.ts";
import { hiddenCells, hiddenSizes, isSmall } from "./small-groups.ts";
import type { Cell } from "./small-groups.ts";

type Text = string | null;

/** What of an answer may not be shown because too few people stand behind it. */
export interface HiddenGroups {
  /** What was selected, or what it leaves out, is about too few. */
  readonly everything: boolean;
  /** Not even which places there are may be told, only the total. */
  readonly places: boolean;
  /** Teams that are hidden whoever was active in them: that such a one is listed, or is not, must tell nothing. */
  readonly smallTeams: ReadonlySet<Text>;
  isHidden(dims: readonly Text[]): boolean;
}

const NO_TEAMS: ReadonlySet<Text> = new Set();
const NOTHING: HiddenGroups = { everything: false, places: false, smallTeams: NO_TEAMS, isHidden: () => false };
const EVERYTHING: HiddenGroups = { everything: true, places: true, smallTeams: NO_TEAMS, isHidden: () => true };

/** Dimensions that make groups of people of which the cost report's own rows say nothing. */
const ABOUT_PEOPLE: ReadonlySet<string> = new Set(["workspace", "team", "api_key"]);

/**
 * Each value of the first is of one value of the second, so that a sum by the second is a sum of some by the first. The
 * cost report's descriptions name models.
 */
const PART_OF: Readonly<Record<string, string>> = {
  model: "model_family",
  subscription_type: "customer_type",
  description: "model",
};

/**
 * Finds the groups of an answer that are too small, over the whole range.
 *
 * The values of each dimension are judged first, over everybody and whatever was asked beside it: the small ones and
 * those that hide them are one block for every question of these days, and a filter that takes the block apart is not
 * answered. Then the places of the asked table are judged among those that are left.
 */
export async function hiddenGroups(
  asking: Asking,
  hiding: Hiding,
  choices: readonly Choice[],
  span: Span,
): Promise<HiddenGroups> {
  const state = await logState(asking.tx, asking.scope);
  if (state === null) return findHidden(asking, hiding, choices, span);
  // The log's edge has a salted leaf of everything that was ever recorded or ordered, people and owners too.
  const revision = state.edge.map((hash) => hash.toString("base64")).join();
  const { metric, by, where, population, activeRule } = asking.resolved;
  const key = JSON.stringify([
    [revision, asking.scope.tenantId, hiding.mode, hiding.minimumGroup, span, population, activeRule, metric.measure],
    by.map(({ id }) => id),
    where.map(({ dimension, values }) => [dimension.id, [...values]]),
    asking.organizations.map(({ code }) => code),
    choices.map(({ organizations, facts }) => [
      organizations.map(({ code }) => code),
      [...facts].map(([quantity, { table }]) => [quantity, table]),
    ]),
  ]);
  const found = kept.get(key) ?? findHidden(asking, hiding, choices, span);
  kept.delete(key);
  kept.set(key, found);
  found.catch(() => kept.delete(key));
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return found;
}

/** A page asks the same of every figure, and the next page of the same days again. The last asked stand last. */
const kept = new Map<string, Promise<HiddenGroups>>();
const MOST_KEPT = 256;

async function findHidden(
  asking: Asking,
  hiding: Hiding,
  choices: readonly Choice[],
  span: Span,
): Promise<HiddenGroups> {
  const { by, where } = asking.resolved;
  const skipped = ({ id }: Dimension) => hiding.mode === "pseudonymous" && INDIVIDUAL.has(id);
  const asked = new Map<string, Dimension>();
  const add = (dimension: Dimension) => {
    if (skipped(dimension)) return;
    asked.set(dimension.id, dimension);
    const whole = PART_OF[dimension.id];
    if (whole !== undefined && !asked.has(whole)) add(findDimension(whole));
  };
  for (const dimension of [...by, ...where.map((one) => one.dimension)]) add(dimension);
  const scans = await contributorsOf(asking, choices, [...asked.values()], span, hiding.minimumGroup);
  const who = await asking.identities();
  const found = scans.map((scan) => judge(asking, hiding, scan, who));
  if (found.some(({ everything }) => everything)) return EVERYTHING;
  if (found.every((one) => one === NOTHING)) return NOTHING;
  const byTeam = by.some(({ id }) => id === "team");
  return together(found, byTeam ? smallTeams(who, hiding.minimumGroup) : NO_TEAMS);
}

function together(found: readonly HiddenGroups[], teams: ReadonlySet<Text>): HiddenGroups {
  return {
    everything: false,
    smallTeams: teams,
    places: found.some(({ places }) => places),
    isHidden: (values) => found.some((one) => one.isHidden(values)),
  };
}

function judge(asking: Asking, { minimumGroup: minimum }: Hiding, scan: Scan, who: Identities): HiddenGroups {
  const { by, where, population } = asking.resolved;
  const asked = [...by, ...where.map((one) => one.dimension)];
  if (scan.unknown) return asked.some(({ id }) => ABOUT_PEOPLE.has(id)) ? EVERYTHING : NOTHING;
  const at = (dimension: Dimension) => scan.dims.findIndex(({ id }) => id === dimension.id);
  const blocks = new Map(scan.dims.map((dimension) => [dimension.id, blockOf(scan, dimension, who, minimum)]));
  // Reports of whose use it is have no descriptions; their models are known.
  if (asked.some(({ id }) => id === "description") && (blocks.get("model")?.size ?? 0) > 0) return EVERYTHING;
  const filters = where.filter(({ dimension }) => at(dimension) >= 0);
  if (filters.some((filter) => takesApart(filter, blocks.get(filter.dimension.id)!))) return EVERYTHING;

  const fits = ({ values }: Contribution, filter: Filter) => filter.values.has(values[at(filter.dimension)] ?? null);
  const counted = scan.contributions.filter((one) => population === "all" || one.population === population);
  const selected = counted.filter((one) => filters.every((filter) => fits(one, filter)));
  const isOpen = population === "unmapped" && filters.length === 0;
  if (!isOpen && isSmall(peopleIn(selected).size, minimum)) return EVERYTHING;
  // What one more filter leaves out is what was asked without it less this.
  const leftOut = filters.map((filter) =>
    counted.filter((one) => !fits(one, filter) && filters.every((other) => other === filter || fits(one, other))),
  );
  if (leftOut.some((rest) => isSmall(peopleIn(rest).size, minimum))) return EVERYTHING;

  const split = scan.dims.filter((dimension) => by.some(({ id }) => id === dimension.id));
  if (split.length === 0) return NOTHING;
  const onlyPopulation = split.every(({ id }) => id === "population");
  const cells = cellsOf(selected, split.map(at));
  const inBlock = insideOf(split.map(({ id }) => blocks.get(id)!));
  const judged = onlyPopulation ? cells.filter(({ dims }) => dims[0] !== "unmapped") : cells;
  const hidden = hiddenCells(judged, minimum, ({ dims }) => inBlock(dims));
  if (hidden.total) return EVERYTHING;
  const keys = new Set([...hidden.cells].map(({ dims }) => JSON.stringify(dims)));
  const places = split.map((dimension) => by.findIndex(({ id }) => id === dimension.id));
  return hiddenPlaces(places, keys, inBlock, hidden.unprotected && split.length > 1);
}

/** Apart from what it was found by, which need not be kept. */
function hiddenPlaces(
  places: readonly number[],
  keys: ReadonlySet<string>,
  inBlock: (dims: readonly Text[]) => boolean,
  noPlaces: boolean,
): HiddenGroups {
  return {
    everything: false,
    smallTeams: NO_TEAMS,
    places: noPlaces,
    isHidden(values) {
      const dims = places.map((place) => values[place] ?? null);
      return keys.has(JSON.stringify(dims)) || inBlock(dims);
    },
  };
}

function insideOf(blocks: readonly ReadonlySet<Text>[]): (dims: readonly Text[]) => boolean {
  return (dims) => blocks.some((block, index) => block.has(dims[index] ?? null));
}

/** The values of a dimension that are hidden, and hide each other, in every answer of these days. */
function blockOf(scan: Scan, dimension: Dimension, who: Identities, minimum: number): ReadonlySet<Text> {
  // Whether an amount is of people or of keys that nobody claimed is asked everywhere, and names nobody.
  if (dimension.id === "population") return new Set();
  const at = scan.dims.indexOf(dimension);
  const cells = cellsOf(scan.contributions, [at]);
  const isTeam = dimension.id === "team";
  const tiny = isTeam ? smallTeams(who, minimum) : NO_TEAMS;
  const listed = isTeam ? listedBlock(who, minimum) : NO_TEAMS;
  const present = new Set(cells.map(({ dims }) => dims[0] ?? null));
  const absent = [...tiny].filter((team) => !present.has(team));
  const all = [...cells, ...absent.map((team) => ({ dims: [team], people: new Set<string>() }))];
  const sums = sumsOf(scan, at, all, who, minimum);
  const isHidden = ({ dims }: Cell) => listed.has(dims[0] ?? null) || sums.hidden.has(dims[0] ?? null);
  const { cells: hidden } = hiddenCells(all, minimum, isHidden, [all, ...sums.lines]);
  return new Set([...listed, ...[...hidden].map(({ dims }) => dims[0] ?? null)]);
}

/** The sums of some cells that a split by the larger dimension shows, and the values whose sum it hides. */
function sumsOf(
  scan: Scan,
  at: number,
  cells: readonly Cell[],
  who: Identities,
  minimum: number,
): { readonly lines: readonly Cell[][]; readonly hidden: ReadonlySet<Text> } {
  const whole = scan.dims.findIndex(({ id }) => id === PART_OF[scan.dims[at]!.id]);
  if (whole < 0) return { lines: [], hidden: new Set() };
  const block = blockOf(scan, scan.dims[whole]!, who, minimum);
  const parts = new Map<Text, Set<Text>>();
  for (const { values } of scan.contributions) {
    const own = parts.get(values[whole] ?? null) ?? new Set<Text>();
    parts.set(values[whole] ?? null, own.add(values[at] ?? null));
  }
  const shown = [...parts].filter(([value]) => !block.has(value)).map(([, own]) => own);
  return {
    lines: shown.map((own) => cells.filter(({ dims }) => own.has(dims[0] ?? null))),
    hidden: new Set([...block].flatMap((value) => [...(parts.get(value) ?? [])])),
  };
}

/** Teams with fewer people than make a group, be they active or not: that one of two did nothing is told by a 0. */
function smallTeams(who: Identities, minimum: number): ReadonlySet<Text> {
  return new Set([...listedTeams(who)].filter(([, people]) => isSmall(people.size, minimum)).map(([team]) => team));
}

/**
 * The small teams and the next smallest by their people: these hide how many people the small ones have. Whatever was
 * asked they are the same, as the number of people is.
 */
function listedBlock(who: Identities, minimum: number): ReadonlySet<Text> {
  return hiddenSizes(listedTeams(who), minimum);
}

/** Everybody on the roster by team. */
function listedTeams({ known }: Identities): ReadonlyMap<Text, ReadonlySet<string>> {
  const teams = new Map<Text, Set<string>>();
  for (const [person, { team, inRoster }] of known)
    if (team !== null && inRoster) teams.set(team, (teams.get(team) ?? new Set<string>()).add(person));
  return teams;
}

/** Whether a filter tells some of a block from the others. */
function takesApart({ values }: Filter, block: ReadonlySet<Text>): boolean {
  const inside = [...block].filter((value) => values.has(value)).length;
  return inside > 0 && inside < block.size;
}

function cellsOf(contributions: readonly Contribution[], at: readonly number[]): Cell[] {
  const cells = new Map<string, { dims: readonly Text[]; people: Set<string> }>();
  for (const { values, who } of contributions) {
    const dims = at.map((index) => values[index] ?? null);
    const key = JSON.stringify(dims);
    const cell = cells.get(key) ?? { dims, people: new Set<string>() };
    cells.set(key, cell);
    if (who !== null) cell.people.add(who);
  }
  return [...cells.values()];
}

function peopleIn(contributions: readonly Contribution[]): ReadonlySet<string> {
  return new Set(contributions.flatMap(({ who }) => who ?? []));
}
