import { LedgerError } from "./error.ts";
import { HASH_BYTES, rootOfJoined } from "./hash.ts";
import type { HashAt } from "./proof.ts";
import { TILE_WIDTH } from "./tile.ts";

/**
 * Gives a hash tile: the hashes 256n … of a level, joined. Level 0 are leaf hashes, level L+1 the roots of the full
 * tiles of level L. The last tile of a level holds as many as there are.
 */
export type ReadTile = (level: number, n: number) => Uint8Array | Promise<Uint8Array>;

/**
 * Finds the hash of any complete subtree from stored tiles, so that a proof in a tree of a million leaves reads at
 * most three tiles for each side of its way.
 *
 * Keeps the last `keep` tiles it read.
 */
export function tileReader(readTile: ReadTile, keep = 64): HashAt {
  const kept = new Map<string, Uint8Array>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / LEVELS_A_TILE);
    const count = 2 ** (level % LEVELS_A_TILE);
    const first = index * count;
    const n = Math.floor(first / TILE_WIDTH);
    const name = `${tileLevel}/${n}`;
    const tile = kept.get(name) ?? (await readTile(tileLevel, n));
    kept.delete(name);
    kept.set(name, tile);
    for (const oldest of kept.keys()) {
      if (kept.size <= keep) break;
      kept.delete(oldest);
    }
    const at = (first % TILE_WIDTH) * HASH_BYTES;
    if (tile.length < at + count * HASH_BYTES) throw new LedgerError(`tile ${name} ends before the hash asked for`);
    return rootOfJoined(Buffer.from(tile.buffer, tile.byteOffset, tile.length), at, count);
  };
}

const LEVELS_A_TILE = 8;
