import { Problem } from "./problem.ts";

export type LimitName = "admin" | "analytics" | "spend_limits" | "invite_creation";

/** Requests allowed and the time in which an empty bucket fills again. */
const LIMITS: Readonly<Record<LimitName, { requests: number; perMs: number }>> = {
  admin: { requests: 100, perMs: 60_000 },
  analytics: { requests: 60, perMs: 60_000 },
  spend_limits: { requests: 60, perMs: 60_000 },
  invite_creation: { requests: 1200, perMs: 3_600_000 },
};

interface TokenBucket {
  tokens: number;
  at: number;
}

/** Token buckets per organization. They fill by the emulator's clock: a clock that stands still never refills them. */
export class Limiter {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #enforced: boolean;

  constructor(enforced: boolean) {
    this.#enforced = enforced;
  }

  /**
   * Takes one request from the bucket and gives the headers that tell what is left.
   *
   * @throws Problem 429 with `retry-after` when the bucket is empty.
   */
  take(organizationId: string, name: LimitName, now: number): Record<string, string> {
    const { requests, perMs } = LIMITS[name];
    if (!this.#enforced) return limitHeaders(1_000_000, 999_999, now);
    const key = `${organizationId}/${name}`;
    const bucket = this.#buckets.get(key) ?? { tokens: requests, at: now };
    const refill = (Math.max(0, now - bucket.at) * requests) / perMs;
    bucket.tokens = Math.min(requests, bucket.tokens + refill);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      const waitMs = ((1 - bucket.tokens) * perMs) / requests;
      throw new Problem(429, "This request would exceed your organization's rate limit. Please try again later.", {
        headers: {
          "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
          ...limitHeaders(requests, 0, now + waitMs),
        },
      });
    }
    bucket.tokens -= 1;
    const fullAt = now + ((requests - bucket.tokens) * perMs) / requests;
    return limitHeaders(requests, Math.floor(bucket.tokens), fullAt);
  }
}

function limitHeaders(limit: number, remaining: number, resetAt: number): Record<string, string> {
  return {
    "anthropic-ratelimit-requests-limit": String(limit),
    "anthropic-ratelimit-requests-remaining": String(remaining),
    "anthropic-ratelimit-requests-reset": new Date(Math.ceil(resetAt / 1000) * 1000)
      .toISOString()
      .replace(".000Z", "Z"),
  };
}
