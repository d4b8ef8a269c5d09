import type { Leaf } from "./leaf.ts";

/** What leaves owe to those before them, in numbers, so that it can be sent to another thread. */
export interface ChainRecords {
  /** One record for each leaf that could be read: see {@link RECORD_WORDS}. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly length: number;
  /** The streams that the records name by their place in here. */
  readonly streams: readonly string[];
  /** The first leaf that could not be read. */
  readonly gapAt: number | null;
}

/**
 * A record: the four words of the leaf's id, then {@link PREV}, {@link VER}, {@link INDEX} and {@link STREAM} as 64-bit
 * numbers. 48 bytes.
 */
export const RECORD_WORDS = 12;
export const RECORD_NUMBERS = RECORD_WORDS / 2;
/** Index of the previous leaf of the thing; -1 for none. */
export const PREV = 2;
export const VER = 3;
export const INDEX = 4;
/** A place in a list of streams. */
export const STREAM = 5;

/** Gathers the chain of some leaves, in order. */
export class LeafChain implements ChainRecords {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly streams: string[] = [];
  length = 0;
  gapAt: number | null = null;
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #places = new Map<string, number>();

  constructor(most: number) {
    this.words = new Uint32Array(most * RECORD_WORDS);
    this.#numbers = new Float64Array(this.words.buffer);
  }

  /** The next leaf; undefined for one that could not be read. */
  add(index: number, leaf: Leaf | undefined): void {
    if (leaf === undefined) {
      this.gapAt ??= index;
      return;
    }
    const { id, prev, ver, s } = leaf;
    const at = this.length++;
    for (let word = 0; word < 4; word++) {
      this.words[at * RECORD_WORDS + word] = Number.parseInt(id.slice(word * 8, word * 8 + 8), 16);
    }
    const place = this.#places.get(s) ?? this.streams.push(s) - 1;
    this.#places.set(s, place);
    const numbers = at * RECORD_NUMBERS;
    this.#numbers[numbers + PREV] = prev ?? -1;
    this.#numbers[numbers + VER] = ver;
    this.#numbers[numbers + INDEX] = index;
    this.#numbers[numbers + STREAM] = place;
  }
}
