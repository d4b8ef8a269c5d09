import type { DayNumber } from "../domain/index.ts";

/** Sets of actors, one a day, in one block of memory: bit i of a day is actor code i. */
export interface DayBits {
  readonly from: DayNumber;
  readonly days: number;
  /** 32-bit words a day. */
  readonly words: number;
  readonly bits: Uint32Array;
}

export function emptyBits(from: DayNumber, days: number, words: number): DayBits {
  return { from, days, words, bits: new Uint32Array(days * words) };
}

/**
 * Adds a stored set to a day. Its bit i is `1 << (i & 7)` of byte `i >> 3`, which is how little-endian words hold it
 * too.
 */
export function addDay({ bits, from, words }: DayBits, day: DayNumber, stored: Uint8Array): void {
  const offset = (day - from) * words;
  const whole = LITTLE_ENDIAN && stored.byteOffset % 4 === 0 ? stored.length >>> 2 : 0;
  // In words, without a copy: a year of sets is a megabyte a question.
  const block = new Uint32Array(stored.buffer, whole > 0 ? stored.byteOffset : 0, whole);
  for (let at = 0; at < whole; at++) bits[offset + at]! |= block[at]!;
  for (let at = whole * 4; at < stored.length; at++) bits[offset + (at >>> 2)]! |= stored[at]! << ((at & 3) * 8);
}

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Keeps the codes of the mask, then moves each folded code to its person's. */
export function applyIdentity(
  into: DayBits,
  mask: Uint32Array | null,
  folds: readonly (readonly [from: number, to: number])[],
): void {
  const { bits, words } = into;
  for (let start = 0; start < bits.length; start += words) {
    if (mask) for (let word = 0; word < words; word++) bits[start + word]! &= mask[word]!;
    for (const [from, to] of folds) {
      const at = start + (from >>> 5);
      const bit = 1 << (from & 31);
      if ((bits[at]! & bit) === 0) continue;
      bits[at]! &= ~bit;
      bits[start + (to >>> 5)]! |= 1 << (to & 31);
    }
  }
}

/** How many are set in the union of each day and the `window - 1` days before it. */
export function rollingCounts(set: DayBits, window: number, mask: Uint32Array | null = null): number[] {
  const { bits, words } = rollingUnions(set, window);
  return Array.from({ length: set.days }, (_, day) => countOf(bits.subarray(day * words, (day + 1) * words), mask));
}

/**
 * The union of each day and the `window - 1` days before it, as far as the set reaches back.
 *
 * Unions are doubled (1, 2, 4, … days) and two of them cover any window, so a month costs five passes, not thirty.
 */
export function rollingUnions(set: DayBits, window: number): DayBits {
  if (window === 1) return set;
  const { words } = set;
  const union = set.bits.slice();
  let width = 1;
  for (; width * 2 <= window; width *= 2) unite(union, width * words);
  if (width < window) unite(union, (window - width) * words);
  return { ...set, bits: union };
}

/** The words of one day, in place. */
export function dayOf({ bits, from, words }: DayBits, day: DayNumber): Uint32Array {
  return bits.subarray((day - from) * words, (day - from + 1) * words);
}

/** Adds to each word the one that stands so many before it, as it was: the last first. */
function unite(bits: Uint32Array, back: number): void {
  for (let at = bits.length - 1; at >= back; at--) bits[at]! |= bits[at - back]!;
}

/** The union of days `from` (held) to `to` (not). */
export function unionOf(set: DayBits, from: DayNumber, to: DayNumber): Uint32Array {
  const union = new Uint32Array(set.words);
  for (let day = Math.max(from, set.from); day < Math.min(to, set.from + set.days); day++) {
    const start = (day - set.from) * set.words;
    for (let word = 0; word < set.words; word++) union[word]! |= set.bits[start + word]!;
  }
  return union;
}

export function countOf(bits: Uint32Array, mask: Uint32Array | null = null): number {
  let count = 0;
  if (mask) for (let word = 0; word < bits.length; word++) count += ones(bits[word]! & mask[word]!);
  else for (let word = 0; word < bits.length; word++) count += ones(bits[word]!);
  return count;
}

export function maskOf(codes: Iterable<number>, words: number): Uint32Array {
  const mask = new Uint32Array(words);
  for (const code of codes) if (code >>> 5 < words) mask[code >>> 5]! |= 1 << (code & 31);
  return mask;
}

export function codesOfBits(bits: Uint32Array): number[] {
  const codes: number[] = [];
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) codes.push(word * 32 + 31 - Math.clz32(rest & -rest));
  }
  return codes;
}

/** Bits set in a 32-bit word. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
