/** Tries of one request in all. */
export const MOST_TRIES = 6;

const SHORTEST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * How long to wait before the next try, in ms, from half a second to a minute.
 *
 * The server's own words first: `retry-after-ms`, `retry-after` (seconds or an HTTP date), then the reset of its
 * budget; a live 429 is known to carry the last alone. Without a readable one, half a second doubled for each try,
 * and up to a quarter more, so that several clients do not come back together.
 *
 * @param failed tries that failed, from 1
 * @param now upstream's clock, ms
 */
export function waitBefore(
  failed: number,
  headers: Readonly<Record<string, string>>,
  now: number,
  fraction: () => number,
): number {
  const told = retryAfterMs(headers, now) ?? untilMs(headers["anthropic-ratelimit-requests-reset"], now);
  const wait = told ?? SHORTEST_MS * 2 ** (failed - 1) * (1 + fraction() / 4);
  return Math.min(Math.max(wait, SHORTEST_MS), LONGEST_MS);
}

/** The wait that `retry-after` asks for, or null when there is none that can be read. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const ms = headers["retry-after-ms"];
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Number(ms);
  const after = headers["retry-after"];
  if (after === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  // Dates only: `Date.parse` would read "-1" as a year.
  return /^[A-Z][a-z]{2}/.test(after) ? untilMs(after, now) : null;
}

/** From `now` to an instant, not below 0; null when there is no readable instant. */
export function untilMs(instant: string | undefined, now: number): number | null {
  const at = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
