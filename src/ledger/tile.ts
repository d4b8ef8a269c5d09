import { LedgerError } from "./error.ts";
import { LONGEST_LEAF } from "./hash.ts";

/** Hashes in a full hash tile, leaves in a full entry bundle, lines in a payload file. */
export const TILE_WIDTH = 256;

/** A file of the tiled log (C2SP tlog-tiles): hashes of one level, or the leaves themselves. */
export interface Tile {
  readonly level: number | "entries";
  readonly n: number;
  /** 256, or fewer for the partial tile at the right edge. */
  readonly width: number;
}

/** Where a tile lies, for example `tile/0/x001/234.p/17`. */
export function tilePath({ level, n, width }: Tile): string {
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${numberPath(n)}${partial}`;
}

/** Where the payloads of leaves 256n … 256n+255 lie in an export; the last file has the same name while it grows. */
export function payloadPath(n: number): string {
  return `payload/${numberPath(n)}`;
}

/** Digits in groups of three, all but the last with `x` before it: 1234067 is `x001/x234/067`. */
export function numberPath(n: number): string {
  if (!Number.isSafeInteger(n) || n < 0) throw new LedgerError(`no tile ${n}`);
  let path = String(n % 1000).padStart(3, "0");
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return path;
}

/** The number a {@link numberPath} stands for, or undefined for any other text. */
export function parseNumberPath(path: string): number | undefined {
  if (!/^(?:x\d{3}\/){0,5}\d{3}$/.test(path)) return undefined;
  const n = Number(path.replaceAll(/[x/]/g, ""));
  return Number.isSafeInteger(n) && numberPath(n) === path ? n : undefined;
}

/** The tile a {@link tilePath} stands for, or undefined for any other text. */
export function parseTilePath(path: string): Tile | undefined {
  const parts = /^tile\/(entries|\d{1,2})\/([x\d/]+?)(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (parts === null) return undefined;
  const [, levelText = "", number = "", widthText] = parts;
  const n = parseNumberPath(number);
  const level = levelText === "entries" ? levelText : Number(levelText);
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (n === undefined || level === 64 || width > TILE_WIDTH) return undefined;
  const tile: Tile = { level, n, width };
  return tilePath(tile) === path ? tile : undefined;
}

/** How many full tiles a level has in a tree of this size, and the width of the partial one after them (0: none). */
export function tilesAt(level: number | "entries", size: number): { readonly full: number; readonly partial: number } {
  let hashes = size;
  for (let below = level === "entries" ? 0 : level; below > 0; below--) hashes = Math.floor(hashes / TILE_WIDTH);
  return { full: Math.floor(hashes / TILE_WIDTH), partial: hashes % TILE_WIDTH };
}

/** Levels of hash tiles in a tree of this size: 0 for the empty tree, 1 up to 255 leaves, 2 from 256 on. */
export function levelsOf(size: number): number {
  let levels = 0;
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) levels += 1;
  return levels;
}

/** Every tile of a tree of this size: level by level, then the entry bundles; of the partial ones only the widest. */
export function* tilesOf(size: number): Generator<Tile> {
  const levels = Array.from({ length: levelsOf(size) }, (_, level) => level);
  for (const level of [...levels, "entries" as const]) {
    const { full, partial } = tilesAt(level, size);
    for (let n = 0; n < full; n++) yield { level, n, width: TILE_WIDTH };
    if (partial > 0) yield { level, n: full, width: partial };
  }
}

/** An entry bundle: for each leaf its length in 16 bits, high byte first, and its bytes. */
export function encodeBundle(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length > TILE_WIDTH) throw new LedgerError(`${leaves.length} leaves in one bundle`);
  const bundle = Buffer.allocUnsafe(leaves.reduce((total, leaf) => total + 2 + leaf.length, 0));
  let at = 0;
  for (const leaf of leaves) {
    if (leaf.length > LONGEST_LEAF) throw new LedgerError(`a leaf of ${leaf.length} bytes`);
    at = bundle.writeUInt16BE(leaf.length, at);
    bundle.set(leaf, at);
    at += leaf.length;
  }
  return bundle;
}

/**
 * The leaves of an entry bundle, as views into it.
 *
 * @throws LedgerError when it does not hold exactly `count` leaves and nothing more.
 */
export function decodeBundle(bundle: Buffer, count: number): Buffer[] {
  const leaves: Buffer[] = [];
  let at = 0;
  while (at < bundle.length) {
    if (at + 2 > bundle.length) throw new LedgerError("an entry bundle that ends inside a length");
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) throw new LedgerError("an entry bundle that ends inside a leaf");
    leaves.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (leaves.length !== count)
    throw new LedgerError(`an entry bundle of ${leaves.length} leaves where ${count} belong`);
  return leaves;
}
