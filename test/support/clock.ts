import type { Clock } from "../../src/domain/index.ts";

/** A clock that stands still until told, and on which a sleep passes at once and is written down. */
export interface VirtualClock extends Clock {
  readonly slept: number[];
  set(ms: number): void;
}

export function virtualClock(startMs: number): VirtualClock {
  let now = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    set: (ms) => {
      now = ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += Math.ceil(ms);
      // A turn of the loop, so that others waiting on this clock get theirs.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
