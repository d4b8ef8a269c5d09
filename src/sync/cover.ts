import { ownDays, type DayNumber, type WindowFacts } from "../domain/index.ts";
import type { FetchedWindow, Stream } from "../source/index.ts";
import type { CoverageRow } from "../store/index.ts";
import { settlesAt } from "./plan.ts";

export function windowFacts(organizationId: string, fetched: FetchedWindow): WindowFacts {
  const { window, incomplete, pages, upstreamNow, refreshedAt } = fetched;
  return {
    organizationId,
    span: window.span,
    complete: incomplete === null,
    // What happened while the later pages came may be missing from the first.
    beganAtMs: pages.reduce((first, { facts }) => Math.min(first, facts.date ?? first), upstreamNow),
    refreshedAtMs: refreshedAt,
  };
}

/**
 * The coverage that a commit leaves behind, for the days that it changes.
 *
 * An incomplete window covers its days only in part. A day that was whole before stays whole: what was read of it now
 * is in the record, and its next reading is owed as before.
 *
 * @param moved how many records came, changed or went, by their day
 * @param before what stood for the days of the window and of what moved
 */
export function coverageAfter(
  window: WindowFacts,
  { shape }: Pick<Stream, "shape">,
  moved: ReadonlyMap<DayNumber, number>,
  before: ReadonlyMap<DayNumber, CoverageRow>,
): CoverageRow[] {
  const own = ownDays(window);
  const revisedOf = (day: DayNumber, was: CoverageRow | undefined): number => {
    const wasSettled =
      shape.kind === "report" && was?.state === "complete" && was.readAtMs >= settlesAt(day, shape.provisionalDays);
    return (was?.revised ?? 0) + (wasSettled ? (moved.get(day) ?? 0) : 0);
  };
  return [...new Set([...own, ...moved.keys()])].flatMap((day): CoverageRow[] => {
    const was = before.get(day);
    const isKept = !own.includes(day) || (!window.complete && was?.state === "complete");
    // This window does not speak for the day, but what it brought may revise it.
    if (isKept) return was === undefined ? [] : [{ ...was, revised: revisedOf(day, was) }];
    const state = window.complete ? "complete" : "partial";
    const { beganAtMs, refreshedAtMs } = window;
    return [{ day, state, readAtMs: beganAtMs, revised: revisedOf(day, was), refreshedAtMs }];
  });
}
