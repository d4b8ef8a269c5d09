import type { Json } from "./json.ts";
import { dayText, tryDay, type DayNumber } from "./time.ts";

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

/** What {@link windowJson} wrote, or null: leaves of earlier versions have none, nor have pages before the last. */
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
