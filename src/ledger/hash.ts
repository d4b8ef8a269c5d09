import { hash } from "node:crypto";
import { LedgerError } from "./error.ts";

/** Bytes in a SHA-256 hash. */
export const HASH_BYTES = 32;

/** The longest leaf an entry bundle can hold: its length is written in 16 bits. */
export const LONGEST_LEAF = 65_535;

/** Root of the tree of no leaves: SHA-256 of no bytes. */
export const EMPTY_ROOT: Buffer = hash("sha256", "", "buffer");

// Asking for "binary" text and writing it into a buffer is three times faster than asking for a buffer (measured on
// Node 24: 0.27 against 0.84 µs), and these functions run for every record of a sync.
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01);
const leafScratch = Buffer.alloc(1 + LONGEST_LEAF);

/**
 * SHA-256(0x00 ‖ leaf), RFC 6962's leaf hash.
 *
 * @throws LedgerError for a leaf that no entry bundle could hold.
 */
export function leafHash(leaf: Uint8Array): Buffer {
  return toBuffer(binaryLeafHash(leaf));
}

/** Writes the {@link leafHash} of each leaf, one after the other, from the beginning of `target` on. */
export function writeLeafHashes(leaves: readonly Uint8Array[], target: Buffer): void {
  for (const [place, leaf] of leaves.entries()) {
    target.write(binaryLeafHash(leaf), place * HASH_BYTES, HASH_BYTES, "latin1");
  }
}

function binaryLeafHash(leaf: Uint8Array): string {
  if (leaf.length > LONGEST_LEAF) throw new LedgerError(`a leaf of ${leaf.length} bytes`);
  leafScratch.set(leaf, 1);
  return hash("sha256", leafScratch.subarray(0, leaf.length + 1), "binary");
}

/** SHA-256(0x01 ‖ left ‖ right), RFC 6962's node hash. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new LedgerError("a hash that is not 32 bytes");
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return toBuffer(hash("sha256", node, "binary"));
}

/**
 * Root of the complete subtree over `count` hashes that stand joined in `joined` from byte `at` on.
 *
 * `count` must be a power of two. The input is left as it was.
 */
export function rootOfJoined(joined: Buffer, at: number, count: number): Buffer {
  if (count === 1) return Buffer.from(joined.subarray(at, at + HASH_BYTES));
  const level = Buffer.allocUnsafe((count / 2) * HASH_BYTES);
  hashPairs(joined, at, level, count / 2);
  for (let left = count / 4; left >= 1; left /= 2) hashPairs(level, 0, level, left);
  return Buffer.from(level.subarray(0, HASH_BYTES));
}

/** SHA-256 of any bytes or (UTF-8) text, in lower-case hex. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/** Writes node hashes of neighbouring pairs; a pair is read before its place is written, so source may be target. */
function hashPairs(source: Buffer, at: number, target: Buffer, pairs: number): void {
  for (let pair = 0; pair < pairs; pair++) {
    const from = at + pair * 2 * HASH_BYTES;
    source.copy(node, 1, from, from + 2 * HASH_BYTES);
    target.write(hash("sha256", node, "binary"), pair * HASH_BYTES, HASH_BYTES, "latin1");
  }
}

function toBuffer(binary: string): Buffer {
  return Buffer.from(binary, "latin1");
}
