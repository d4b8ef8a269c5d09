import { LedgerError } from "./error.ts";
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from "./hash.ts";
import { rootOfEdge, subtreesOf } from "./tree.ts";

/** Gives the hash of a complete subtree: 2^level leaves, the index-th such subtree from the left. */
export type HashAt = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;

/**
 * Shows that a leaf is in a tree: the sibling of the leaf first, the child of the root last (RFC 9162 2.1.3.1).
 *
 * @throws LedgerError when the tree has no such leaf.
 */
export async function inclusionProof(index: number, size: number, hashAt: HashAt): Promise<Buffer[]> {
  if (!isSize(index) || !isSize(size) || index >= size) throw new LedgerError(`no leaf ${index} in a tree of ${size}`);
  const proof: Buffer[] = [];
  for (const [from, to] of siblings(index, size)) proof.push(await rootOfSpan(from, to, hashAt));
  return proof;
}

/**
 * Shows that a tree of `size` leaves begins with the tree of its first `old` leaves (RFC 9162 2.1.4.1).
 *
 * Empty from the empty tree, and from a tree to itself.
 *
 * @throws LedgerError when `old` is larger than `size`.
 */
export async function consistencyProof(old: number, size: number, hashAt: HashAt): Promise<Buffer[]> {
  if (!isSize(old) || !isSize(size) || old > size) throw new LedgerError(`no way from a tree of ${old} to ${size}`);
  if (old === 0 || old === size) return [];
  const proof: Buffer[] = [];
  for (const [from, to] of consistencySpans(old, size)) proof.push(await rootOfSpan(from, to, hashAt));
  return proof;
}

/** Root of the tree at any size, from its complete subtrees. */
export async function rootAt(size: number, hashAt: HashAt): Promise<Buffer> {
  return size === 0 ? EMPTY_ROOT : rootOfSpan(0, size, hashAt);
}

/**
 * Whether the proof shows that `leafHash` is leaf `index` of the tree with this size and root (RFC 9162 2.1.3.2).
 *
 * False for anything malformed; never throws.
 */
export function verifyInclusion(
  index: number,
  size: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leafHash, root, ...proof])) return false;
  let fn = index;
  let sn = size - 1;
  let r = leafHash;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = nodeHash(r, p);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(r, root);
}

/**
 * Whether the proof shows that the tree of `size` begins with the tree of `old` (RFC 9162 2.1.4.2).
 *
 * False for anything malformed; never throws.
 */
export function verifyConsistency(
  old: number,
  size: number,
  oldRoot: Uint8Array,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(old) || !isSize(size) || old > size || !areHashes([oldRoot, root, ...proof])) return false;
  if (old === size) return proof.length === 0 && same(oldRoot, root);
  if (old === 0) return proof.length === 0 && same(oldRoot, EMPTY_ROOT);
  // An old tree that is one complete subtree is its own first hash, so the proof leaves it out.
  const [first, ...rest] = proof.length > 0 && isPowerOfTwo(old) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let fn = old - 1;
  let sn = size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let fr = first;
  let sr = first;
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, c);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(fr, oldRoot) && same(sr, root);
}

/** The spans of leaves beside the way from leaf `index` up to the root, lowest first. */
function siblings(index: number, size: number): [from: number, to: number][] {
  const spans: [number, number][] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      spans.push([middle, to]);
      to = middle;
    } else {
      spans.push([from, middle]);
      from = middle;
    }
  }
  return spans.toReversed();
}

/** SUB(old, leaves, true) of RFC 9162, unrolled from the root downwards and turned round. */
function consistencySpans(old: number, size: number): [from: number, to: number][] {
  const spans: [number, number][] = [];
  let from = 0;
  let to = size;
  while (to !== old) {
    const middle = from + largestPowerBelow(to - from);
    if (old <= middle) {
      spans.push([middle, to]);
      to = middle;
    } else {
      spans.push([from, middle]);
      from = middle;
    }
  }
  // The flag b of the definition: the old tree itself is known to whoever checks, any other subtree is not.
  if (from > 0) spans.push([from, to]);
  return spans.toReversed();
}

async function rootOfSpan(from: number, to: number, hashAt: HashAt): Promise<Buffer> {
  const hashes: Uint8Array[] = [];
  for (const { level, index } of subtreesOf(from, to)) hashes.push(await hashAt(level, index));
  return rootOfEdge(hashes);
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function isPowerOfTwo(size: number): boolean {
  let rest = size;
  while (rest % 2 === 0) rest = half(rest);
  return rest === 1;
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function isSize(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
