import { HASH_BYTES } from "./hash.ts";
import type { Findings } from "./findings.ts";
import { LEAF_KINDS, type LeafKind } from "./leaf.ts";
import { TileBuilder, type BuiltTile } from "./tile-builder.ts";
import { TILE_WIDTH, tilePath } from "./tile.ts";
import type { ExportFolder } from "./verify-files.ts";
import type { GatheredFacts } from "./payload-facts.ts";
import type { ScratchFile } from "./scratch-file.ts";
import { ChainChecker } from "./verify-chains.ts";
import { noLeaves } from "./verify-leaves.ts";
import { checkTile, type PartOrders, type PartReport } from "./verify-part.ts";

/** Tiles of leaves in a part: 16,384 leaves, about 10 MB of export. */
const TILES_A_PART = 64;

export interface TreeContext {
  readonly folder: ExportFolder;
  readonly findings: Findings;
  /** Takes what the payloads say; null when the export holds none. */
  readonly facts: GatheredFacts | null;
  readonly scratch: ScratchFile;
  readonly origin: string;
  readonly size: number;
  readonly progress: ((leaves: number, size: number) => void) | undefined;
  /** Checks the parts; the reports come in the order of the orders. */
  readonly checkParts: (orders: PartOrders) => AsyncIterable<PartReport>;
}

/**
 * Reads all bundles, hash tiles and payloads once and gives the root that the leaves have.
 *
 * Parts are checked by themselves, several at once where there are threads for it; what reaches over their ends (the
 * tree above the first tiles, time, chains of versions) is put together here, in order.
 */
export async function checkTree(context: TreeContext): Promise<{ root: Buffer; counts: Record<LeafKind, number> }> {
  const { folder, findings, facts, size, scratch } = context;
  const builder = new TileBuilder();
  const chains = new ChainChecker(scratch);
  // Where among the findings those about the chains of each part belong, which come last of all.
  const parts: { readonly first: number; readonly place: number }[] = [];
  const counts = noLeaves();
  let lastAt = "";
  let isWhole = true;
  const hold = async (tile: BuiltTile): Promise<void> => {
    // The lowest tiles were checked with their leaves. What is built is valid until the next call only.
    if (tile.level > 0) await checkTile(folder, findings, tilePath(tile), Buffer.from(tile.hashes));
  };
  for await (const part of context.checkParts(ordersFor(context))) {
    findings.take(part.failures, part.failureCount);
    const first = part.from * TILE_WIDTH;
    if (part.firstAt !== "" && part.firstAt < lastAt) {
      findings.add(bundleOf(first, size), `dated ${part.firstAt}, before the leaf in front of it`, first);
    }
    if (part.lastAt !== "") lastAt = part.lastAt;
    for (const kind of LEAF_KINDS) counts[kind] += part.counts[kind];
    chains.add(part.chain);
    parts.push({ first, place: findings.kept.length });
    if (part.payloads !== null) facts?.take(part.payloads);
    for (let at = 0; at < part.roots.length; at += HASH_BYTES) {
      for (const tile of builder.addTile(part.roots.subarray(at, at + HASH_BYTES))) await hold(tile);
    }
    for (let at = 0; at < part.edge.length; at += HASH_BYTES) {
      for (const tile of builder.add(part.edge.subarray(at, at + HASH_BYTES))) await hold(tile);
    }
    isWhole = part.stoppedAt === null;
    if (!isWhole) break;
    context.progress?.(builder.size, size);
  }
  if (isWhole) for (const tile of builder.partial()) await hold(tile);
  const broken = chains.judge((index) => bundleOf(index, size));
  findings.insert(broken, (index) => parts.findLast(({ first }) => first <= index)!.place);
  return { root: builder.root(), counts };
}

/** One after the other: a checkpoint may claim any size, and the first part that is not there ends it. */
function ordersFor({ folder, size, facts, origin }: TreeContext): PartOrders {
  const tiles = Math.ceil(size / TILE_WIDTH);
  const length = Math.ceil(tiles / TILES_A_PART);
  return {
    length,
    *[Symbol.iterator]() {
      for (let part = 0; part < length; part += 1) {
        const from = part * TILES_A_PART;
        const to = Math.min(tiles, from + TILES_A_PART);
        yield { dir: folder.path, size, from, to, hasPayloads: facts !== null, origin };
      }
    },
  };
}

function bundleOf(index: number, size: number): string {
  const n = Math.floor(index / TILE_WIDTH);
  return tilePath({ level: "entries", n, width: Math.min(TILE_WIDTH, size - n * TILE_WIDTH) });
}
