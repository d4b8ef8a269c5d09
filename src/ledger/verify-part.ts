import { Findings, type VerifyFailure } from "./findings.ts";
import { HASH_BYTES, LONGEST_LEAF, rootOfJoined, writeLeafHashes } from "./hash.ts";
import type { Leaf, LeafKind } from "./leaf.ts";
import { decodeBundle, payloadPath, TILE_WIDTH, tilePath } from "./tile.ts";
import { LeafChain, type ChainRecords } from "./leaf-chain.ts";
import type { PayloadFacts } from "./payload-facts.ts";
import { ExportFolder, ReadBuffer } from "./verify-files.ts";
import { LeafReader } from "./verify-leaves.ts";
import { PayloadChecker } from "./verify-payloads.ts";

/** Some tiles of an export, to be checked by themselves. */
export interface PartOrder {
  /** The export. */
  readonly dir: string;
  /** Leaves of the whole tree. */
  readonly size: number;
  /** Tiles of leaves, from (held) to (not). */
  readonly from: number;
  readonly to: number;
  readonly hasPayloads: boolean;
  readonly origin: string;
}

/** The parts of a tree, and how many they are. */
export interface PartOrders extends Iterable<PartOrder> {
  readonly length: number;
}

/** What a part turned out to be, as far as it can be told without the leaves before it. Can be sent to another thread. */
export interface PartReport {
  readonly from: number;
  /** Roots of its full tiles, joined: what the tree goes on from. */
  readonly roots: Uint8Array;
  /** Hashes of the leaves of the tree's last tile, when that is not full, joined. */
  readonly edge: Uint8Array;
  /** The tile whose leaves cannot be read; nothing after it was checked. */
  readonly stoppedAt: number | null;
  readonly counts: Readonly<Record<LeafKind, number>>;
  readonly chain: ChainRecords;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly payloads: PayloadFacts | null;
  readonly failures: readonly VerifyFailure[];
  readonly failureCount: number;
}

/** Checks the leaves of a part, their hash tiles, and what they commit to: everything but what reaches over its ends. */
export async function checkPart(order: PartOrder): Promise<PartReport> {
  const { dir, size, from, to, hasPayloads, origin } = order;
  const folder = new ExportFolder(dir);
  const findings = new Findings();
  const reader = new LeafReader(findings);
  const payloads = hasPayloads ? new PayloadChecker(findings, origin) : null;
  const chain = new LeafChain(Math.min(to * TILE_WIDTH, size) - from * TILE_WIDTH);
  const [bundles, tiles, texts] = [new ReadBuffer(), new ReadBuffer(), new ReadBuffer()];
  const hashesOfTile = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
  // Written in one place: small buffers that last would each keep a pool of 8 kB alive.
  const roots = Buffer.alloc((to - from) * HASH_BYTES);
  let rootBytes = 0;
  let edge: Uint8Array = new Uint8Array();
  let stoppedAt: number | null = null;
  for (let n = from; n < to; n += 1) {
    // Files are read without waiting for them, which takes a fifth less; whoever's thread this is may do other things too.
    await new Promise(setImmediate);
    const first = n * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, size - first);
    const bundle = tilePath({ level: "entries", n, width });
    const bytes = await findings.guard(bundle, () =>
      decodeBundle(folder.read(bundle, width * (2 + LONGEST_LEAF), bundles), width),
    );
    if (bytes === undefined) {
      findings.add(bundle, "nothing after it could be checked");
      stoppedAt = n;
      break;
    }
    const hashes = hashesOfTile.subarray(0, width * HASH_BYTES);
    writeLeafHashes(bytes, hashes);
    await checkTile(folder, findings, tilePath({ level: 0, n, width }), hashes, tiles);
    if (width === TILE_WIDTH) rootBytes += rootOfJoined(hashes, 0, TILE_WIDTH).copy(roots, rootBytes);
    else edge = Buffer.from(hashes);
    const leaves: (Leaf | undefined)[] = bytes.map((leaf, place) => reader.read(bundle, first + place, leaf));
    for (const [place, leaf] of leaves.entries()) chain.add(first + place, leaf);
    if (payloads === null) continue;
    const file = payloadPath(n);
    const lines = await findings.guard(file, () => folder.read(file, LONGEST_PAYLOADS, texts));
    if (lines !== undefined) payloads.checkFile(file, lines, first, leaves);
  }
  return {
    from,
    roots: roots.subarray(0, rootBytes),
    edge,
    stoppedAt,
    counts: reader.counts,
    chain,
    firstAt: reader.firstAt,
    lastAt: reader.lastAt,
    payloads: payloads?.takeFacts() ?? null,
    failures: findings.kept,
    failureCount: findings.count,
  };
}

/** Compares a hash tile of the export with the hashes that it must hold. */
export async function checkTile(
  folder: ExportFolder,
  findings: Findings,
  file: string,
  hashes: Buffer,
  into?: ReadBuffer,
): Promise<void> {
  const found = await findings.guard(file, () => folder.read(file, TILE_WIDTH * HASH_BYTES, into));
  if (found !== undefined && !found.equals(hashes)) findings.add(file, "does not hold the hashes of the leaves");
}

/** 256 payloads: far above anything recorded, and small enough to hold. */
const LONGEST_PAYLOADS = 1_000_000_000;
