import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { useAnswer, yesterday } from "../client/index.ts";
import type { Day } from "../format/index.ts";
import {
  conditionsOf,
  daysOf,
  formatFilters,
  grainOf,
  narrow,
  NO_FILTERS,
  parseFilters,
  previousDays,
  type Filters,
  type Grain,
  type Kind,
  type Narrowing,
} from "./filters.ts";

/** What nearly every question of a page has in common, ready to be spread into its input. */
export interface Common {
  readonly from: Day;
  readonly to: Day;
  readonly where?: readonly { readonly dimension: string; readonly value: string | null }[];
  readonly population?: NonNullable<Filters["population"]>;
  readonly asOf?: Day;
}

export interface UsedFilters {
  readonly filters: Filters;
  /** The days that the filters mean now. */
  readonly days: { readonly from: Day; readonly to: Day };
  readonly grain: Grain;
  /** Null until it is known how far the data is complete. */
  readonly common: Common | null;
  /** The same question about the period before; null when no comparison is wanted. */
  readonly previous: Common | null;
  /** Beside `common` in questions about money alone: others refuse what would change nothing. */
  readonly kind: { readonly kind?: Kind };
  /** In questions whose answer says what was before: when that is not the period just before. */
  readonly compared: { readonly compareTo?: "same_weekdays" };
  readonly change: (next: Partial<Filters>) => void;
  readonly narrowTo: (name: Narrowing, values: readonly string[]) => void;
  readonly reset: () => void;
}

/**
 * The filters of the address, and what they mean.
 *
 * @param narrowings those that the page's figures can be narrowed by: the others stay in the address, for the next page,
 * and are left out of its questions. Keep the list outside the component.
 */
export function useFilters(narrowings?: readonly Narrowing[]): UsedFilters {
  const search = useSearch();
  const [path, go] = useLocation();
  const filters = useMemo(() => parseFilters(search), [search]);
  // Asked once for all pages: ranges that move end at the last complete day, not in a gap, as it was known then.
  const { asOf } = filters;
  const { data, isError } = useAnswer("report", asOf === null ? LAST_COMPLETE : { ...LAST_COMPLETE, asOf });
  const known = data !== undefined || isError || typeof filters.range === "object";
  const lastComplete = data?.completeThrough ?? asOf ?? yesterday();

  const write = useCallback(
    (next: Filters) => {
      const query = formatFilters(next, search);
      go(query === "" ? path : `${path}?${query}`);
    },
    [go, path, search],
  );

  return useMemo(() => {
    const days = daysOf(filters.range, lastComplete);
    const common = known ? commonOf(filters, days, narrowings) : null;
    return {
      filters,
      days,
      grain: grainOf(filters, days),
      common,
      previous:
        common === null || filters.compare === "none" ? null : { ...common, ...previousDays(days, filters.compare) },
      kind: filters.kind === null ? {} : { kind: filters.kind },
      compared: filters.compare === "weekdays" ? { compareTo: "same_weekdays" } : {},
      change: (next) => write({ ...filters, ...next }),
      narrowTo: (name, values) => write(narrow(filters, name, values)),
      reset: () => write(NO_FILTERS),
    };
  }, [filters, lastComplete, known, write, narrowings]);
}

const LAST_COMPLETE = { metric: "cost" } as const;

/** The days of a question and as of when, for those that are narrowed by nothing else. */
export function daysIn({ from, to, asOf }: Common): Pick<Common, "from" | "to" | "asOf"> {
  return { from, to, ...(asOf === undefined ? {} : { asOf }) };
}

function commonOf(filters: Filters, days: { from: Day; to: Day }, narrowings?: readonly Narrowing[]): Common {
  const where = conditionsOf(filters, narrowings);
  return {
    ...days,
    ...(where.length === 0 ? {} : { where }),
    ...(filters.population === null ? {} : { population: filters.population }),
    ...(filters.asOf === null ? {} : { asOf: filters.asOf }),
  };
}
