import type { Clock } from "../domain/index.ts";

export interface RateRule {
  /** So many at once, */
  readonly burst: number;
  /** and one more each so many milliseconds. */
  readonly everyMs: number;
}

/** In how many milliseconds there is one again in a bucket that is full at `fullAtMs`; 0: there is one. */
export function waitUntilOne({ burst, everyMs }: RateRule, fullAtMs: number, nowMs: number): number {
  return Math.max(0, fullAtMs - nowMs - (burst - 1) * everyMs);
}

/** When such a bucket is full once one was taken. */
export function fullAfterOne({ everyMs }: RateRule, fullAtMs: number, nowMs: number): number {
  return Math.max(fullAtMs, nowMs) + everyMs;
}

/** Keys kept at most: whoever invents more makes the fullest ones forgotten, which they would be anyway. */
const MOST_KEYS = 10_000;

/** A token bucket for each key, in memory. */
export class RateLimit {
  readonly #clock: Pick<Clock, "now">;
  readonly #rule: RateRule;
  /** When the bucket of a key is full again. */
  readonly #fullAt = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">, rule: RateRule) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** Takes one. @returns 0, or in how many milliseconds there is one again. */
  take(key: string): number {
    const wait = this.waitFor(key);
    if (wait > 0) return wait;
    const now = this.#clock.now();
    const fullAt = fullAfterOne(this.#rule, this.#fullAt.get(key) ?? now, now);
    // Set anew, so that the map's order is that of last use.
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > MOST_KEYS) this.#prune(now);
    return 0;
  }

  /** As `take`, without taking. */
  waitFor(key: string): number {
    const now = this.#clock.now();
    return waitUntilOne(this.#rule, this.#fullAt.get(key) ?? now, now);
  }

  /** The bucket is full again. */
  reset(key: string): void {
    this.#fullAt.delete(key);
  }

  #prune(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
    for (const key of this.#fullAt.keys()) {
      if (this.#fullAt.size <= MOST_KEYS) break;
      this.#fullAt.delete(key);
    }
  }
}
