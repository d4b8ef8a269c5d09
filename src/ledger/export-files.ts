import { parseCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { formatContinuation } from "./continuation.ts";
import { LedgerError } from "./error.ts";
import type { AnchorFolder, ExportOptions, LedgerSource, SourceLeaf } from "./export-types.ts";
import { leafHash } from "./hash.ts";
import { NEVER_ERASED, parseLeaf } from "./leaf.ts";
import { parseNote } from "./note.ts";
import { TileBuilder, type BuiltTile } from "./tile-builder.ts";
import { encodeBundle, payloadPath, TILE_WIDTH, tilePath } from "./tile.ts";
import { parseVkey, type VerifierKey } from "./vkey.ts";

/** One file of an export, by its path in it. */
export interface ExportFile {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/**
 * Checkpoint, keys, tree and payloads of an export, file by file, whatever they are written to. Holds one tile a level in
 * memory.
 *
 * @throws LedgerError when the source is not the tree its checkpoint signs: known for sure only after the last file.
 */
export async function* exportFiles(source: LedgerSource, options: ExportOptions = {}): AsyncGenerator<ExportFile> {
  yield* keyFiles(source, options);
  yield* treeFiles(source, options);
  const keys = [...source.vkeys, ...(source.witnessVkeys ?? [])].map(parseVkey);
  for (const { old, hashes, checkpoint } of source.handovers ?? []) {
    const content = formatContinuation({ old, hashes, checkpoint: withKnownLines(checkpoint, keys) });
    yield { name: `consistency/${old}-${parseCheckpoint(checkpoint).size}`, content };
  }
  yield* anchorFiles(options.anchors ?? []);
}

/** The frozen checkpoints with their stamps. */
export function* anchorFiles(anchors: readonly AnchorFolder[]): Generator<ExportFile> {
  for (const { checkpoint, files } of anchors) {
    const at = `anchors/${parseCheckpoint(checkpoint).size}`;
    // Byte for byte as it was stamped, so no line is left out here.
    yield { name: `${at}/checkpoint`, content: checkpoint };
    for (const { name, bytes } of files) yield { name: `${at}/${name}`, content: bytes };
  }
}

/** The checkpoint, and the keys that somebody needs to check it. */
export function* keyFiles(
  source: LedgerSource,
  { consistency = [], anchors = [] }: ExportOptions,
): Generator<ExportFile> {
  const keys = source.vkeys.map(parseVkey);
  const witnesses = (source.witnessVkeys ?? []).map(parseVkey);
  const checkpoints = [source, ...(source.handovers ?? []), ...consistency, ...anchors].map(
    ({ checkpoint }) => checkpoint,
  );
  const cosigners = new Set(
    checkpoints.flatMap((text) => verifyCheckpoint(text, [...keys, ...witnesses]).cosignedBy.map(({ vkey }) => vkey)),
  );
  yield { name: "checkpoint", content: withKnownLines(source.checkpoint, [...keys, ...witnesses]) };
  yield { name: "vkey", content: source.vkeys.map((vkey) => `${vkey}\n`).join("") };
  // A witness that has cosigned nothing here says nothing here: the reader would look for its line in vain.
  const named = witnesses.filter(({ vkey }) => cosigners.has(vkey));
  if (named.length > 0) yield { name: "witness-vkey", content: named.map(({ vkey }) => `${vkey}\n`).join("") };
}

/** The note without lines of keys that the export does not name: nobody could check those. */
export function withKnownLines(checkpoint: string, keys: readonly VerifierKey[]): string {
  const { body, signatures } = parseNote(checkpoint);
  const lines = signatures.filter((line) => keys.some((key) => key.name === line.name && key.keyId === line.keyId));
  return `${body}\n${lines.map(({ line }) => `${line}\n`).join("")}`;
}

async function* treeFiles(source: LedgerSource, options: ExportOptions): AsyncGenerator<ExportFile> {
  const { size, root } = parseCheckpoint(source.checkpoint);
  const builder = new TileBuilder();
  const older = new Map(
    (options.anchors ?? []).map(({ checkpoint }) => parseCheckpoint(checkpoint)).map((one) => [one.size, one]),
  );
  let bundle: Uint8Array[] = [];
  let payloads: string[] = [];
  const flush = function* (): Generator<ExportFile> {
    if (bundle.length === 0) return;
    const n = Math.floor((builder.size - 1) / TILE_WIDTH);
    yield { name: tilePath({ level: "entries", n, width: bundle.length }), content: encodeBundle(bundle) };
    if (options.payloads !== false) yield { name: payloadPath(n), content: payloads.join("") };
    options.progress?.(builder.size, size);
    [bundle, payloads] = [[], []];
  };
  for await (const leaf of source.leaves(0, size)) {
    if (leaf.index !== builder.size) throw new LedgerError(`leaf ${leaf.index} where ${builder.size} belongs`);
    bundle.push(Uint8Array.from(leaf.leaf));
    payloads.push(payloadLine(leaf, size));
    yield* tileFiles(builder.add(leafHash(leaf.leaf)));
    const stamped = older.get(builder.size);
    if (stamped !== undefined) {
      if (!builder.root().equals(stamped.root)) throw notOfThisTree(stamped.size);
      older.delete(stamped.size);
    }
    if (bundle.length === TILE_WIDTH) yield* flush();
  }
  yield* flush();
  yield* tileFiles(builder.partial());
  if (builder.size !== size || !builder.root().equals(root)) {
    throw new LedgerError("the leaves are not the tree that the checkpoint signs");
  }
  for (const beyond of older.keys()) throw notOfThisTree(beyond);
}

/** A checkpoint that is to go along is of another tree than the one exported. */
export function notOfThisTree(size: number): LedgerError {
  return new LedgerError(`the checkpoint of size ${size} is not of this tree`);
}

function payloadLine(leaf: SourceLeaf, size: number): string {
  if (leaf.erasedBy === null) return `${leaf.index} ${Buffer.from(leaf.salt).toString("hex")} ${leaf.payload}\n`;
  if (NEVER_ERASED.has(parseLeaf(leaf.leaf).t)) throw new LedgerError(`leaf ${leaf.index} can never be erased`);
  if (leaf.erasedBy >= size) {
    // An export that ended before it would show a payload missing without a reason.
    throw new LedgerError(`leaf ${leaf.index} was erased by leaf ${leaf.erasedBy}, which is not signed yet`);
  }
  return `${leaf.index} erased ${leaf.erasedBy}\n`;
}

function* tileFiles(tiles: readonly BuiltTile[]): Generator<ExportFile> {
  for (const tile of tiles) yield { name: tilePath(tile), content: Buffer.from(tile.hashes) };
}
