/** Draws a whole number from 0 to below the given one. */
export type Draw = (below: number) => number;

/** A small generator of our own (mulberry32): what is drawn follows from the seed alone. */
export function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
