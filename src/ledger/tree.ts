import { LedgerError } from "./error.ts";
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from "./hash.ts";

/** Told about every subtree that an append completes: 2^level leaves, the index-th such subtree from the left. */
export type OnComplete = (level: number, index: number, hash: Buffer) => void;

/**
 * The right edge of a growing tree: the roots of its complete subtrees, largest first.
 *
 * All that appending and computing a new root need, at most 53 hashes whatever the size.
 */
export class Edge {
  #size: number;
  readonly #hashes: Uint8Array[];

  /** @throws LedgerError when `hashes` is not what a tree of `size` has: one 32-byte hash for each 1 bit of the size. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    if (!Number.isSafeInteger(size) || size < 0) throw new LedgerError(`a tree of ${size} leaves`);
    if (hashes.length !== onesIn(size) || hashes.some((hash) => hash.length !== HASH_BYTES)) {
      throw new LedgerError(`a right edge that does not fit a tree of ${size} leaves`);
    }
    this.#size = size;
    this.#hashes = [...hashes];
  }

  get size(): number {
    return this.#size;
  }

  /** Roots of the complete subtrees, largest first: what to keep in order to go on later. */
  get hashes(): readonly Uint8Array[] {
    return this.#hashes;
  }

  /** Adds one leaf. `onComplete` hears of the leaf itself (level 0) and of every subtree it completes. */
  append(leafHash: Uint8Array, onComplete?: OnComplete): void {
    if (leafHash.length !== HASH_BYTES) throw new LedgerError("a leaf hash that is not 32 bytes");
    // A copy: the caller may use its buffer again.
    let hash: Buffer = Buffer.from(leafHash);
    let index = this.#size;
    let level = 0;
    onComplete?.(0, index, hash);
    while (index % 2 === 1) {
      // There is one hash for each 1 bit of the size.
      const parent = nodeHash(this.#hashes.pop()!, hash);
      hash = parent;
      index = (index - 1) / 2;
      level += 1;
      onComplete?.(level, index, parent);
    }
    this.#hashes.push(hash);
    this.#size += 1;
  }

  root(): Buffer {
    return rootOfEdge(this.#hashes);
  }

  /** An edge that grows on its own, so that an aborted transaction leaves this one alone. */
  clone(): Edge {
    return new Edge(this.#size, this.#hashes);
  }
}

/** Root of the tree over these leaf hashes. */
export function rootOf(leafHashes: Iterable<Uint8Array>): Buffer {
  const edge = new Edge();
  for (const hash of leafHashes) edge.append(hash);
  return edge.root();
}

/** Root of a tree from its complete subtrees, largest first. */
export function rootOfEdge(hashes: readonly Uint8Array[]): Buffer {
  if (hashes.length === 0) return EMPTY_ROOT;
  return Buffer.from(hashes.reduceRight((right, left) => nodeHash(left, right)));
}

/** A run of leaves [from, from + 2^level) that is a complete subtree of any tree that holds it. */
export interface Subtree {
  readonly level: number;
  /** Counted in subtrees of this level: its first leaf is `index * 2^level`. */
  readonly index: number;
}

/**
 * Cuts leaves [from, to) into complete subtrees, largest first.
 *
 * `from` must be a multiple of the largest power of two that fits in the span, as it is for every node of a tree.
 */
export function subtreesOf(from: number, to: number): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to;) {
    const level = Math.floor(Math.log2(to - at));
    // log2 rounds: near 2^53 it may name the next power up.
    const fits = 2 ** level <= to - at ? level : level - 1;
    subtrees.push({ level: fits, index: at / 2 ** fits });
    at += 2 ** fits;
  }
  return subtrees;
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
