import { HOUR_MS, DAY_MS } from "./calendar.ts";
import type { Cell, Charge, DayOfCells, Dims, Work } from "./cell.ts";
import { shareOf } from "./random.ts";
import type { Setting } from "./setting.ts";

export interface Tokens {
  readonly uncachedInput: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly cacheRead: number;
  readonly output: number;
  readonly searches: number;
  readonly requests: number;
}

/**
 * Collects the cells of one day and decides what arrives late.
 *
 * Only days after the history are ever late, so that the history is settled when the clock starts: of those, one cell in
 * fifty reaches the reports up to two days late, and analytics takes up to thirty days for another one in sixty.
 */
export class DayWriter {
  readonly #setting: Setting;
  readonly #day: number;
  readonly #cells: Cell[] = [];
  readonly #charges: Charge[] = [];

  constructor(setting: Setting, day: number) {
    this.#setting = setting;
    this.#day = day;
  }

  addCell(dims: Dims, minute: number, tokens: Tokens, work: Work | null): void {
    const { lateBy, revisedAfter } = this.#delays("cell", this.#cells.length);
    const { uncachedInput, write5m, write1h, cacheRead, output, searches, requests } = tokens;
    // Spelled out: cells are the one thing here that exists by the hundred thousand, and spreading makes them slow.
    this.#cells.push({
      dims,
      minute,
      uncachedInput,
      write5m,
      write1h,
      cacheRead,
      output,
      searches,
      requests,
      work,
      lateBy,
      revisedAfter,
    });
  }

  addCharge(charge: Omit<Charge, "lateBy" | "revisedAfter">): void {
    this.#charges.push({ ...charge, ...this.#delays("charge", this.#charges.length) });
  }

  finish(): DayOfCells {
    return { day: this.#day, cells: this.#cells, charges: this.#charges };
  }

  #delays(what: string, at: number): { lateBy: number; revisedAfter: number } {
    if (this.#day <= this.#setting.lastDay) return ON_TIME;
    const { seed } = this.#setting;
    const isLate = shareOf(seed, "late", what, this.#day, at) < 0.02;
    const isRevised = shareOf(seed, "revised", what, this.#day, at) < 1 / 60;
    const lateBy = isLate ? Math.floor(shareOf(seed, "late by", what, this.#day, at) * 46 * HOUR_MS) : 0;
    const revisedAfter = isRevised ? Math.floor(shareOf(seed, "revised by", what, this.#day, at) * 29 * DAY_MS) : 0;
    return { lateBy, revisedAfter: Math.max(lateBy, revisedAfter) };
  }
}

const ON_TIME = { lateBy: 0, revisedAfter: 0 } as const;

/** The share of part `at` when an integer is split into `parts` as evenly as integers allow. */
export function partOf(total: number, at: number, parts: number): number {
  return Math.floor((total * (at + 1)) / parts) - Math.floor((total * at) / parts);
}
