import type { Scope } from "../domain/index.ts";
import { tileReader, type HashAt } from "../ledger/index.ts";
import { tileHashes, type Tx } from "../store/index.ts";

const TILE_WIDTH = 256;

/** Reads subtree hashes of the stored log, a tile at a time. */
export function storedHashes(tx: Tx, scope: Scope): HashAt {
  return tileReader(async (level, n) =>
    Buffer.concat(await tileHashes(tx, scope, level, n * TILE_WIDTH, (n + 1) * TILE_WIDTH)),
  );
}
