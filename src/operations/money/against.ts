import { Failure } from "../../domain/index.ts";
import type { DayRange } from "../../metrics/index.ts";

/**
 * The range to compare with as it was asked, or null for the equal-length one before.
 *
 * @throws Failure `input.invalid` when one of its days is missing.
 */
export function againstOf(previousFrom: string | undefined, previousTo: string | undefined): DayRange | null {
  if (previousFrom !== undefined && previousTo !== undefined) return { from: previousFrom, to: previousTo };
  if (previousFrom === undefined && previousTo === undefined) return null;
  const field = previousFrom === undefined ? "previousFrom" : "previousTo";
  throw new Failure("input.invalid", { field, problem: "is missing", remedy: "Give both days, or neither." });
}
