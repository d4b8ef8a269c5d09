import { Failure, type Clock } from "../domain/index.ts";

interface Bucket {
  tokens: number;
  atMs: number;
}

/** So many names are remembered; those that were full again first go first. */
const MOST_NAMES = 10_000;

/** Buckets that hold `perMinute` and fill evenly; each request takes one out of the bucket of its name. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #says: string;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, says: string, clock: Clock) {
    this.#perMinute = perMinute;
    this.#says = says;
    this.#clock = clock;
  }

  /** @throws Failure `api.rate_limited` with the seconds until the next one is let through. */
  take(name: string): void {
    const now = this.#clock.now();
    const before = this.#buckets.get(name) ?? { tokens: this.#perMinute, atMs: now };
    const filled = Math.min(
      this.#perMinute,
      before.tokens + (Math.max(0, now - before.atMs) / 60_000) * this.#perMinute,
    );
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: filled < 1 ? filled : filled - 1, atMs: now });
    if (this.#buckets.size > MOST_NAMES) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (filled >= 1) return;
    const seconds = Math.ceil(((1 - filled) / this.#perMinute) * 60);
    throw new Failure("api.rate_limited", { limit: `${this.#perMinute} ${this.#says} a minute`, seconds });
  }
}

/** How many of something one caller has open. */
export class OpenLimiter {
  readonly #most: number;
  readonly #says: string;
  readonly #open = new Map<string, number>();

  constructor(most: number, says: string) {
    this.#most = most;
    this.#says = says;
  }

  /** @returns gives the place back, once. @throws Failure `api.rate_limited` */
  enter(name: string): () => void {
    const open = this.#open.get(name) ?? 0;
    if (open >= this.#most)
      throw new Failure("api.rate_limited", { limit: `${this.#most} ${this.#says} at once`, seconds: 5 });
    this.#open.set(name, open + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const left = (this.#open.get(name) ?? 1) - 1;
      if (left === 0) this.#open.delete(name);
      else this.#open.set(name, left);
    };
  }
}
