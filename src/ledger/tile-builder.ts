import { LedgerError } from "./error.ts";
import { HASH_BYTES, rootOfJoined } from "./hash.ts";
import { rootOfEdge, subtreesOf } from "./tree.ts";
import { TILE_WIDTH } from "./tile.ts";

/** A finished hash tile. `hashes` is only valid until the next call: copy what is to be kept. */
export interface BuiltTile {
  readonly level: number;
  readonly n: number;
  readonly width: number;
  readonly hashes: Buffer;
}

/**
 * Turns leaf hashes, given in order, into hash tiles and the root, holding one tile a level.
 *
 * A level's full tile is hashed into one hash of the level above; partial tiles are never hashed upward.
 */
export class TileBuilder {
  readonly #levels: Level[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash and gives the tiles it fills: none but for every 256th leaf. */
  add(leafHash: Uint8Array): BuiltTile[] {
    return this.#add(leafHash, 0, 1);
  }

  /**
   * Adds 256 leaves at once, by the root of the full tile of their hashes, and gives the tiles above it that this fills.
   * Only between full tiles.
   */
  addTile(root: Uint8Array): BuiltTile[] {
    if (this.#size % TILE_WIDTH !== 0) throw new LedgerError("a tile in the middle of another");
    const lowest = (this.#levels[0] ??= newLevel());
    lowest.full += 1;
    return this.#add(root, 1, TILE_WIDTH);
  }

  #add(first: Uint8Array, from: number, leaves: number): BuiltTile[] {
    if (first.length !== HASH_BYTES) throw new LedgerError("a leaf hash that is not 32 bytes");
    this.#size += leaves;
    const filled: BuiltTile[] = [];
    let hash = first;
    for (let level = from; ; level++) {
      const place = (this.#levels[level] ??= newLevel());
      place.hashes.set(hash, place.width * HASH_BYTES);
      place.width += 1;
      if (place.width < TILE_WIDTH) return filled;
      filled.push({ level, n: place.full, width: TILE_WIDTH, hashes: place.hashes });
      hash = rootOfJoined(place.hashes, 0, TILE_WIDTH);
      place.full += 1;
      place.width = 0;
    }
  }

  /** The partial tiles of the present size, lowest level first. */
  partial(): BuiltTile[] {
    return this.#levels.flatMap(({ full, width, hashes }, level) =>
      width === 0 ? [] : [{ level, n: full, width, hashes: hashes.subarray(0, width * HASH_BYTES) }],
    );
  }

  root(): Buffer {
    // The widths of the partial tiles are the digits of the size in base 256, so their complete subtrees are the edge.
    const edge = this.#levels
      .toReversed()
      .flatMap(({ width, hashes }) =>
        subtreesOf(0, width).map(({ level, index }) =>
          rootOfJoined(hashes, index * 2 ** level * HASH_BYTES, 2 ** level),
        ),
      );
    return rootOfEdge(edge);
  }
}

interface Level {
  full: number;
  width: number;
  readonly hashes: Buffer;
}

function newLevel(): Level {
  return { full: 0, width: 0, hashes: Buffer.alloc(TILE_WIDTH * HASH_BYTES) };
}
