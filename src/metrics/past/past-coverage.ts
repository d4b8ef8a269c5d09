import { ownDays, windowOf } from "../../domain/index.ts";
import type { DayNumber, JsonObject, WindowFacts } from "../../domain/index.ts";
import { parseLeaf } from "../../ledger/index.ts";
import { coverageOf, readingLeaves, type CoverageRow, type Scope, type Tx } from "../../store/index.ts";

/**
 * Which days had been read by then, and how far, as the ledger's `fetch` leaves tell it: of a day that was read again
 * since, the table of coverage knows the newest reading alone.
 */
export class PastCoverage {
  readonly #tx: Tx;
  readonly #scope: Scope;
  readonly #asOfMs: number;
  /** By organization and stream: those with any reading, be it a later one. */
  readonly #told = new Map<string, Map<DayNumber, CoverageRow>>();

  private constructor(tx: Tx, scope: Scope, asOfMs: number) {
    this.#tx = tx;
    this.#scope = scope;
    this.#asOfMs = asOfMs;
  }

  /** @param asOfMs what was recorded at this instant or later had not been read. */
  static async read(tx: Tx, scope: Scope, asOfMs: number): Promise<PastCoverage> {
    const coverage = new PastCoverage(tx, scope, asOfMs);
    for await (const { leaf, payload } of readingLeaves(tx, scope)) {
      const told = JSON.parse(payload) as JsonObject;
      const window = windowOf(told);
      const { s, at } = parseLeaf(leaf);
      if (window !== null) coverage.#add(s, window, Date.parse(at));
      else if (typeof told["organization_id"] === "string") coverage.#forget(told["organization_id"]);
    }
    return coverage;
  }

  async of(organizationId: string, stream: string): Promise<CoverageRow[]> {
    const told = this.#told.get(placeOf(organizationId, stream));
    if (told !== undefined) return [...told.values()];
    // Leaves of earlier versions say nothing of windows, and a list that asks for each object of another asks nothing
    // while there are none.
    const rows = await coverageOf(this.#tx, this.#scope, organizationId, stream);
    return rows.filter(({ readAtMs }) => readAtMs < this.#asOfMs);
  }

  #add(stream: string, window: WindowFacts, atMs: number): void {
    const place = placeOf(window.organizationId, stream);
    const days = this.#told.get(place) ?? new Map<DayNumber, CoverageRow>();
    this.#told.set(place, days);
    if (atMs >= this.#asOfMs) return;
    const { complete, beganAtMs, refreshedAtMs } = window;
    for (const day of ownDays(window)) {
      // What was whole stays whole, as it does where a window is committed.
      if (!complete && days.get(day)?.state === "complete") continue;
      const state = complete ? "complete" : "partial";
      days.set(day, { day, state, readAtMs: beganAtMs, revised: 0, refreshedAtMs });
    }
  }

  /** What was read of an organization before it was purged is not held, whichever day is looked back at. */
  #forget(organizationId: string): void {
    for (const [place, days] of this.#told) if (place.endsWith(` ${organizationId}`)) days.clear();
  }
}

function placeOf(organizationId: string, stream: string): string {
  return `${stream} ${organizationId}`;
}
