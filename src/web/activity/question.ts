import type { Common } from "../filters/index.ts";

/** The filters of a question about rates of people, which know no population but people. */
export function ofPeople(common: Common): Omit<Common, "population"> {
  const { population: _, ...rest } = common;
  return rest;
}
