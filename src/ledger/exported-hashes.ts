import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LedgerError } from "./error.ts";
import type { HashAt } from "./proof.ts";
import { levelsOf, TILE_WIDTH, tilePath, tilesAt } from "./tile.ts";
import { tileReader } from "./tile-reader.ts";

/** Reads hashes back from the tiles of an exported tree of this size. */
export function exportedHashes(dir: string, size: number): HashAt {
  return tileReader(async (level, n) => {
    const { full, partial } = tilesAt(level, size);
    if (level >= levelsOf(size) || n > full) throw new LedgerError(`no tile ${level}/${n} in a tree of ${size}`);
    return readFile(join(dir, tilePath({ level, n, width: n < full ? TILE_WIDTH : partial })));
  });
}
