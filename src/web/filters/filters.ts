import { addDays, isDay, monthStart, dayCount, type Day } from "../format/index.ts";

/** Ranges that move with the data: the address keeps the name, so that a saved link stays fresh. */
export const PRESETS = {
  "last-7": "Last 7 days",
  "last-30": "Last 30 days",
  "last-90": "Last 90 days",
  "this-month": "This month",
  "last-month": "Last month",
} as const;

export type Preset = keyof typeof PRESETS;
export type Range = Preset | { readonly from: Day; readonly to: Day };
export type Grain = "day" | "week" | "month";
export type Population = "humans" | "service" | "unmapped" | "all";
export type Kind = "estimated" | "list" | "net" | "notional";

/** What a page can be narrowed by, beside its range: the name in the address, the dimension asked for, the words. */
export const NARROWINGS = [
  { name: "organization", dimension: "organization", label: "Organization" },
  { name: "team", dimension: "team", label: "Team" },
  { name: "person", dimension: "person", label: "Person" },
  { name: "family", dimension: "model_family", label: "Model family" },
  { name: "model", dimension: "model", label: "Model" },
  { name: "workspace", dimension: "workspace", label: "Workspace" },
  { name: "key", dimension: "api_key", label: "API key" },
  { name: "terminal", dimension: "terminal", label: "Terminal" },
  { name: "tool", dimension: "tool", label: "Tool" },
  { name: "connection", dimension: "connection", label: "Connection" },
] as const;

export type Narrowing = (typeof NARROWINGS)[number]["name"];

/** Everything that narrows a page. All of it is in the address, and nothing of it anywhere else. */
export interface Filters {
  readonly range: Range;
  /** Null: chosen by the length of the range. */
  readonly grain: Grain | null;
  /** `weekdays`: as many whole weeks before that a Monday stands beside a Monday. */
  readonly compare: "previous" | "weekdays" | "none";
  /** Null: the figure's own default. */
  readonly population: Population | null;
  readonly kind: Kind | null;
  readonly asOf: Day | null;
  /** Alternatives by name; the text `null` is the missing value, as everywhere in the API. */
  readonly narrowed: Readonly<Partial<Record<Narrowing, readonly string[]>>>;
}

export const NO_FILTERS: Filters = {
  range: "last-30",
  grain: null,
  compare: "previous",
  population: null,
  kind: null,
  asOf: null,
  narrowed: {},
};

/** Reads filters from an address. What it cannot read is left at its default: an old link still opens. */
export function parseFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const from = params.get("from") ?? "";
  const to = params.get("to") ?? "";
  const custom = isDay(from) && isDay(to) && from <= to ? { from, to } : null;
  const asOf = params.get("as-of") ?? "";
  const narrowed: Partial<Record<Narrowing, readonly string[]>> = {};
  for (const { name } of NARROWINGS) {
    const values = [...new Set(params.getAll(name).filter((value) => value !== ""))];
    if (values.length > 0) narrowed[name] = values;
  }
  return {
    range: custom ?? oneOf(params.get("range"), Object.keys(PRESETS) as Preset[]) ?? NO_FILTERS.range,
    grain: oneOf(params.get("grain"), ["day", "week", "month"]),
    compare: oneOf(params.get("compare"), ["weekdays", "none"]) ?? NO_FILTERS.compare,
    population: oneOf(params.get("population"), ["humans", "service", "unmapped", "all"]),
    kind: oneOf(params.get("kind"), ["estimated", "list", "net", "notional"]),
    asOf: isDay(asOf) ? asOf : null,
    narrowed,
  };
}

/** Writes filters into an address, defaults left out. Parameters that are no filter stay as they are. */
export function formatFilters(filters: Filters, search = ""): string {
  const params = new URLSearchParams(search);
  for (const name of ["range", "from", "to", "grain", "compare", "population", "kind", "as-of"]) params.delete(name);
  for (const { name } of NARROWINGS) params.delete(name);
  if (typeof filters.range === "object") {
    params.set("from", filters.range.from);
    params.set("to", filters.range.to);
  } else if (filters.range !== NO_FILTERS.range) params.set("range", filters.range);
  if (filters.grain !== null) params.set("grain", filters.grain);
  if (filters.compare !== "previous") params.set("compare", filters.compare);
  for (const { name } of NARROWINGS) for (const value of filters.narrowed[name] ?? []) params.append(name, value);
  if (filters.population !== null) params.set("population", filters.population);
  if (filters.kind !== null) params.set("kind", filters.kind);
  if (filters.asOf !== null) params.set("as-of", filters.asOf);
  return params.toString();
}

/** The days of a range, given the last day that is complete: a range that moves ends there, never in today's half. */
export function daysOf(range: Range, lastComplete: Day): { from: Day; to: Day } {
  if (typeof range === "object") return range;
  switch (range) {
    case "last-7":
      return { from: addDays(lastComplete, -6), to: lastComplete };
    case "last-30":
      return { from: addDays(lastComplete, -29), to: lastComplete };
    case "last-90":
      return { from: addDays(lastComplete, -89), to: lastComplete };
    case "this-month":
      return { from: monthStart(lastComplete), to: lastComplete };
    case "last-month": {
      const to = addDays(monthStart(lastComplete), -1);
      return { from: monthStart(to), to };
    }
  }
}

/** The period of the same length just before, or the one of the same weekdays. */
export function previousDays(
  { from, to }: { from: Day; to: Day },
  compare: Filters["compare"] = "previous",
): { from: Day; to: Day } {
  const length = dayCount(from, to);
  const back = compare === "weekdays" ? Math.ceil(length / 7) * 7 : length;
  return { from: addDays(from, -back), to: addDays(to, -back) };
}

/** Whether the period before has other weekdays: of whole weeks it has the same ones. */
export function isOddWeeks({ from, to }: { from: Day; to: Day }): boolean {
  return dayCount(from, to) % 7 !== 0;
}

/** Enough buckets to see a shape, few enough to read. */
export function grainOf(filters: Filters, days: { from: Day; to: Day }): Grain {
  if (filters.grain !== null) return filters.grain;
  const length = dayCount(days.from, days.to);
  return length <= 92 ? "day" : length <= 400 ? "week" : "month";
}

/** The conditions of a question: of all that is narrowed, or of these alone. */
export function conditionsOf(
  filters: Filters,
  only?: readonly Narrowing[],
): { dimension: string; value: string | null }[] {
  return NARROWINGS.flatMap(({ name, dimension }) =>
    only?.includes(name) === false
      ? []
      : (filters.narrowed[name] ?? []).map((value) => ({ dimension, value: value === "null" ? null : value })),
  );
}

/** The same filters with the values of one narrowing changed; none removes it. */
export function narrow(filters: Filters, name: Narrowing, values: readonly string[]): Filters {
  const { [name]: _gone, ...rest } = filters.narrowed;
  return { ...filters, narrowed: values.length === 0 ? rest : { ...rest, [name]: values } };
}

function oneOf<T extends string>(text: string | null, choices: readonly T[]): T | null {
  return choices.find((choice) => choice === text) ?? null;
}

/** The filters of an address as the search of another page's: what belongs to one page alone is left behind. */
export function carriedFilters(search: string): string {
  const kept = formatFilters(parseFilters(search));
  return kept === "" ? "" : `?${kept}`;
}
