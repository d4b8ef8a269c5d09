import type { Leaf } from "./leaf.ts";

/** What leaves owe to those before them, in numbers: 34 bytes a leaf, so that it can be sent to another thread. */
export interface ChainNumbers {
  /** Four words of the id a leaf. */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** Index of the previous leaf of the thing; -1 for none, NaN for a leaf that could not be read. */
  readonly prevs: Float64Array<ArrayBuffer>;
  readonly vers: Float64Array<ArrayBuffer>;
  /** Places in `names`. */
  readonly streams: Uint16Array<ArrayBuffer>;
  readonly names: readonly string[];
  readonly length: number;
}

/** Gathers the chain of some leaves, in order. */
export class LeafChain implements ChainNumbers {
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly prevs: Float64Array<ArrayBuffer>;
  readonly vers: Float64Array<ArrayBuffer>;
  readonly streams: Uint16Array<ArrayBuffer>;
  readonly names: string[] = [];
  length = 0;
  readonly #places = new Map<string, number>();

  constructor(most: number) {
    this.ids = new Uint32Array(most * 4);
    this.prevs = new Float64Array(most);
    this.vers = new Float64Array(most);
    this.streams = new Uint16Array(most);
  }

  /** The next leaf; undefined for one that could not be read. */
  add(leaf: Leaf | undefined): void {
    const at = this.length++;
    this.prevs[at] = leaf === undefined ? Number.NaN : (leaf.prev ?? -1);
    if (leaf === undefined) return;
    const { id, ver, s } = leaf;
    for (let word = 0; word < 4; word++)
      this.ids[at * 4 + word] = Number.parseInt(id.slice(word * 8, word * 8 + 8), 16);
    this.vers[at] = ver;
    const place = this.#places.get(s) ?? this.names.push(s) - 1;
    this.#places.set(s, place);
    this.streams[at] = place;
  }
}
