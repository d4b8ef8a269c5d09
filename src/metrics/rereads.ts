import { DAY_MS } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import type { CoverageRow } from "../store/index.ts";
import type { StreamCoverage } from "./coverage.ts";

/**
 * Days that were read again after the date of an as-of answer, so that it cannot tell whether they had been read whole
 * by then: only the newest reading of a day is kept.
 */
export class Rereads {
  readonly #days = new Map<string, ReadonlySet<DayNumber>>();

  /**
   * Notes the doubtful days among these. No doubt: a day last read before then, one that is not whole today either, one
   * that was not over by then, and all days of a stream of which nothing had been read.
   */
  note(
    organizationId: string,
    stream: string,
    rows: readonly CoverageRow[],
    hadRecords: boolean,
    asOfMs: number,
  ): void {
    if (!hadRecords && rows.every((row) => row.readAtMs >= asOfMs)) return;
    const doubtful = rows.filter(
      ({ day, state, readAtMs }) => readAtMs >= asOfMs && state === "complete" && (day + 1) * DAY_MS < asOfMs,
    );
    this.#days.set(keyOf(organizationId, stream), new Set(doubtful.map(({ day }) => day)));
  }

  /** Of the days of an answer: those in doubt, and what of them is not shown as covered. */
  among(coverages: readonly StreamCoverage[], span: Span): Doubt {
    const doubt = { days: 0, partial: 0, missing: 0 };
    for (let day = span.from; day < span.to; day++) {
      const isDoubtful = (one: StreamCoverage) => this.#has(one, day);
      if (!coverages.some(isDoubtful)) continue;
      doubt.days++;
      const lacking = coverages.filter((one) => one.days.get(day)?.state !== "complete");
      if (lacking.length === 0 || !lacking.every(isDoubtful)) continue;
      if (lacking.some((one) => !one.days.has(day))) doubt.missing++;
      else doubt.partial++;
    }
    return doubt;
  }

  #has({ organizationId, stream }: StreamCoverage, day: DayNumber): boolean {
    return this.#days.get(keyOf(organizationId, stream))?.has(day) ?? false;
  }
}

export interface Doubt {
  readonly days: number;
  readonly partial: number;
  readonly missing: number;
}

function keyOf(organizationId: string, stream: string): string {
  return `${stream} ${organizationId}`;
}
