import type { Common, Narrowing } from "../filters/index.ts";
import { NARROWINGS } from "../filters/index.ts";

/**
 * The part of the filters that a page about activity obeys: a condition that its figures cannot be split by is shown
 * as idle in the filter bar, and not asked.
 */
export function narrowedBy(common: Common, narrowings: readonly Narrowing[]): Common {
  const { where, ...rest } = common;
  const known = new Set<string | null>(
    NARROWINGS.filter(({ name }) => narrowings.includes(name)).map(({ dimension }) => dimension),
  );
  const kept = where?.filter(({ dimension }) => known.has(dimension)) ?? [];
  return kept.length === 0 ? rest : { ...rest, where: kept };
}

/** The same for rates of people, which know no population but people. */
export function ofPeople(common: Common): Omit<Common, "population"> {
  const { population: _, ...rest } = common;
  return rest;
}
