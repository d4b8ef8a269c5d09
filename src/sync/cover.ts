import { dayText, tryDay, type DayNumber, type Json } from "../domain/index.ts";
import type { FetchedWindow, Stream } from "../source/index.ts";
import type { CoverageRow } from "../store/index.ts";
import { settlesAt } from "./plan.ts";

/** The coverage day of a list, which has none. */
export const LIST_DAY = 0;

/** What a window speaks for. It stands in its last `fetch` leaf, so that coverage can be told from the ledger alone. */
export interface WindowFacts {
  readonly organizationId: string;
  /** First day, and the day after the last; null for a list. */
  readonly span: { readonly from: DayNumber; readonly to: DayNumber } | null;
  /** Read whole. */
  readonly complete: boolean;
  /** Upstream's clock at the first page, ms. */
  readonly beganAtMs: number;
  /** `data_refreshed_at` of analytics, ms. */
  readonly refreshedAtMs: number | null;
}

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

/** As the `window` member of a `fetch` payload. */
export function windowJson({ organizationId, span, complete, beganAtMs, refreshedAtMs }: WindowFacts): Json {
  return {
    organization_id: organizationId,
    from: span === null ? null : dayText(span.from),
    to: span === null ? null : dayText(span.to),
    complete,
    began: new Date(beganAtMs).toISOString(),
    refreshed: refreshedAtMs === null ? null : new Date(refreshedAtMs).toISOString(),
  };
}

/** What {@link windowJson} wrote, or null: leaves of earlier versions have none. */
export function windowOf(payload: Json): WindowFacts | null {
  const { window } = payload as { readonly window?: Readonly<Record<string, unknown>> };
  if (window === undefined) return null;
  const { organization_id: organizationId, from, to, complete, began, refreshed } = window;
  const span = typeof from === "string" && typeof to === "string" ? { from: tryDay(from)!, to: tryDay(to)! } : null;
  return {
    organizationId: String(organizationId),
    span,
    complete: complete === true,
    beganAtMs: Date.parse(String(began)),
    refreshedAtMs: typeof refreshed === "string" ? Date.parse(refreshed) : null,
  };
}

/** Days that a window speaks for; a list is one day of its own. */
export function ownDays({ span }: Pick<WindowFacts, "span">): DayNumber[] {
  if (span === null) return [LIST_DAY];
  return Array.from({ length: span.to - span.from }, (_, i) => span.from + i);
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
