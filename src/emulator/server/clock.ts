/** The one clock of an emulator: the `Date` header, visibility of late data, limits and new timestamps all read it. */
export interface EmulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  set(now: number): void;
  advance(byMs: number): void;
}

/** Stands still between `set` and `advance`; with `ticking` it also runs with real time. */
export function createClock(startsAt: number, ticking: boolean): EmulatorClock {
  let base = startsAt;
  let since = performance.now();
  const elapsed = (): number => (ticking ? Math.floor(performance.now() - since) : 0);
  const set = (now: number): void => {
    if (!Number.isFinite(now)) throw new RangeError("clock: not an instant");
    base = now;
    since = performance.now();
  };
  return {
    now: () => base + elapsed(),
    set,
    advance: (byMs) => set(base + elapsed() + byMs),
  };
}
