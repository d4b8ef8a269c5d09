/**
 * Seeded chance in independent streams: a stream is named by what it decides ("cc", person 7, day 12), so adding a
 * question somewhere never shifts the answers elsewhere.
 */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [low, high]. */
  int(low: number, high: number): number;
  isLucky(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** One of the choices, in proportion to its weight. */
  weigh<T>(choices: readonly (readonly [T, number])[]): T;
  /** Log-normal around `median`: usage of people is that skewed. */
  skewed(median: number, spread: number): number;
}

type Name = string | number;

/** A 32-bit hash of the names, the same on every machine. */
export function hashOf(...names: readonly Name[]): number {
  let hash = 0x811c9dc5;
  for (const name of names) {
    if (typeof name === "number") {
      hash = Math.imul(hash ^ (name | 0), 0x9e3779b1);
    } else {
      for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash as a fraction in [0, 1): for a single yes or no. */
export function shareOf(...names: readonly Name[]): number {
  return hashOf(...names) / 0x100000000;
}

/** Opens the stream of that name (sfc32; four words of state are plenty for a few hundred draws). */
export function chance(...names: readonly Name[]): Chance {
  let a = hashOf(...names, "a");
  let b = hashOf(...names, "b");
  let c = hashOf(...names, "c");
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x100000000;
  };
  for (let round = 0; round < 4; round += 1) next();
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    isLucky: (probability) => next() < probability,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    weigh: (choices) => weigh(choices, next()),
    skewed: (median, spread) => median * Math.exp(spread * normal(next(), next())),
  };
}

function weigh<T>(choices: readonly (readonly [T, number])[], share: number): T {
  let left = share * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  const last = choices.at(-1);
  if (last === undefined) throw new RangeError("nothing to choose from");
  return last[0];
}

/** Box and Muller, cut at three deviations so that no single day swamps a month. */
function normal(first: number, second: number): number {
  const value = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
  return Math.max(-3, Math.min(3, value));
}

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** An id in the API's form: prefix, `01`, 22 base-58 characters. */
export function idOf(prefix: string, ...names: readonly Name[]): string {
  return `${prefix}01${base58(22, "id", prefix, ...names)}`;
}

export function base58(length: number, ...names: readonly Name[]): string {
  const dice = chance(...names);
  let text = "";
  for (let at = 0; at < length; at += 1) text += BASE58[dice.int(0, 57)] ?? "1";
  return text;
}

export function uuidOf(...names: readonly Name[]): string {
  const dice = chance("uuid", ...names);
  const hex = Array.from({ length: 32 }, () => dice.int(0, 15).toString(16));
  hex[12] = "4";
  hex[16] = "8";
  const text = hex.join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
