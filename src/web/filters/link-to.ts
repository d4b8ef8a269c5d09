import { formatFilters, NARROWINGS, NO_FILTERS, type Filters, type Kind, type Population } from "./filters.ts";

/** Where a figure is explained, as the operations say it. */
export interface Target {
  readonly page: string;
  readonly filters: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly kind?: Kind | undefined;
    readonly where?: readonly { readonly dimension: string; readonly value: string | null }[] | undefined;
  };
}

/** The address of a page narrowed to something. */
export function linkTo({ page, filters: { from, to, kind, where = [] } }: Target): string {
  const population = where.find(({ dimension }) => dimension === "population")?.value ?? null;
  const narrowed: Record<string, string[]> = {};
  for (const { dimension, value } of where) {
    const name = NARROWINGS.find((one) => one.dimension === dimension)?.name;
    if (name !== undefined) (narrowed[name] ??= []).push(String(value));
  }
  const filters: Filters = {
    ...NO_FILTERS,
    range: from === undefined || to === undefined ? NO_FILTERS.range : { from, to },
    kind: kind ?? null,
    population: isPopulation(population) ? population : null,
    narrowed,
  };
  const query = formatFilters(filters);
  return query === "" ? page : `${page}?${query}`;
}

function isPopulation(text: string | null): text is Population {
  return text !== null && ["humans", "service", "unmapped", "all"].includes(text);
}
