import { mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { exportedHashes } from "./exported-hashes.ts";
import { DurableFolder, syncFolder } from "./durable-folder.ts";
import { LedgerError } from "./error.ts";
import { leafHash } from "./hash.ts";
import { NEVER_ERASED, parseLeaf } from "./leaf.ts";
import { parseNote } from "./note.ts";
import { consistencyProof, inclusionProof, rootAt, type HashAt } from "./proof.ts";
import { TileBuilder, type BuiltTile } from "./tile-builder.ts";
import { encodeBundle, payloadPath, TILE_WIDTH, tilePath } from "./tile.ts";
import { formatTlogProof } from "./tlog-proof.ts";
import { parseVkey, type VerifierKey } from "./vkey.ts";

/** One leaf as it goes into an export: with its payload, or with the index of the leaf that erased it. */
export type SourceLeaf = {
  readonly index: number;
  /** The leaf's exact bytes. */
  readonly leaf: Uint8Array;
} & (
  | { readonly salt: Uint8Array; readonly payload: string; readonly erasedBy: null }
  | { readonly salt: null; readonly payload: null; readonly erasedBy: number }
);

/** A log to be exported. What is exported is the tree of `checkpoint`, even when the log has grown since. */
export interface LedgerSource {
  /** The latest signed checkpoint, with whatever cosignatures it has. */
  readonly checkpoint: string;
  /** All vkeys the log ever had, oldest first. */
  readonly vkeys: readonly string[];
  /** Witnesses whose cosignatures may stand in the checkpoints; those that cosigned none are left out. */
  readonly witnessVkeys?: readonly string[];
  /** Leaves [from, to) in order. */
  leaves(from: number, to: number): AsyncIterable<SourceLeaf>;
}

/** A frozen checkpoint that was stamped, and the stamps: `checkpoint.ots`, `checkpoint.tsr`, `tsa-ca.pem`. */
export interface AnchorFolder {
  readonly checkpoint: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export interface ExportOptions {
  /** False leaves the content out, for a reader who may see that something is recorded but not what. Default true. */
  readonly payloads?: boolean;
  /** Leaves that get a `.tlog-proof` file of their own. */
  readonly proofs?: readonly number[];
  /** Consistency proofs to add: from a size to the tree of a signed checkpoint. */
  readonly consistency?: readonly { readonly old: number; readonly checkpoint: string }[];
  readonly anchors?: readonly AnchorFolder[];
  readonly progress?: (leaves: number, size: number) => void;
}

/** What was written. */
export interface ExportReport {
  readonly dir: string;
  readonly origin: string;
  readonly size: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes a log as a folder that `verifyExport` and the common tools for tiled logs read.
 *
 * The folder appears whole or not at all: it is written beside its place, flushed to the disk and renamed. Two exports
 * of one size have the same tiles and bundles byte for byte. Holds one tile a level in memory, whatever the size.
 *
 * @param dir a folder that is not there yet, or is empty
 * @throws LedgerError when the folder is in use, or the source is not the tree its checkpoint signs.
 */
export async function exportLedger(
  source: LedgerSource,
  dir: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const place = resolve(dir);
  await refuseUsed(place);
  const temporary = await mkdtemp(join(dirname(place), `.${basename(place)}.partial-`));
  try {
    const folder = new DurableFolder(temporary);
    const checkpoint = parseCheckpoint(source.checkpoint);
    await writeKeysAndCheckpoint(folder, source, options);
    await writeTree(folder, source, options);
    await folder.settle();
    await writeEvidence(folder, source, options);
    await folder.finish();
    // An empty folder in the place gives way; one that somebody has filled meanwhile does not.
    await rmdir(place).catch(ignoreAbsent);
    await rename(temporary, place);
    await syncFolder(dirname(place));
    return { dir: place, origin: checkpoint.origin, size: checkpoint.size, files: folder.files, bytes: folder.bytes };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function refuseUsed(place: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(place);
  } catch (error) {
    ignoreAbsent(error);
    return;
  }
  if (names.length > 0) throw new LedgerError(`${place} is not empty: an export goes into a new folder`);
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

async function writeKeysAndCheckpoint(
  folder: DurableFolder,
  source: LedgerSource,
  { consistency = [], anchors = [] }: ExportOptions,
): Promise<void> {
  const keys = source.vkeys.map(parseVkey);
  const witnesses = (source.witnessVkeys ?? []).map(parseVkey);
  const checkpoints = [source, ...consistency, ...anchors].map(({ checkpoint }) => checkpoint);
  const cosigners = new Set(
    checkpoints.flatMap((text) => verifyCheckpoint(text, [...keys, ...witnesses]).cosignedBy.map(({ vkey }) => vkey)),
  );
  await folder.write("checkpoint", withKnownLines(source.checkpoint, [...keys, ...witnesses]));
  await folder.write("vkey", source.vkeys.map((vkey) => `${vkey}\n`).join(""));
  // A witness that has cosigned nothing here says nothing here: the reader would look for its line in vain.
  const named = witnesses.filter(({ vkey }) => cosigners.has(vkey));
  if (named.length > 0) await folder.write("witness-vkey", named.map(({ vkey }) => `${vkey}\n`).join(""));
}

/** The note without lines of keys that the export does not name: nobody could check those. */
function withKnownLines(checkpoint: string, keys: readonly VerifierKey[]): string {
  const { body, signatures } = parseNote(checkpoint);
  const lines = signatures.filter((line) => keys.some((key) => key.name === line.name && key.keyId === line.keyId));
  return `${body}\n${lines.map(({ line }) => `${line}\n`).join("")}`;
}

async function writeTree(folder: DurableFolder, source: LedgerSource, options: ExportOptions): Promise<void> {
  const { size, root } = parseCheckpoint(source.checkpoint);
  const builder = new TileBuilder();
  let bundle: Uint8Array[] = [];
  let payloads: string[] = [];
  const flush = async (): Promise<void> => {
    if (bundle.length === 0) return;
    const n = Math.floor((builder.size - 1) / TILE_WIDTH);
    await folder.write(tilePath({ level: "entries", n, width: bundle.length }), encodeBundle(bundle));
    if (options.payloads !== false) await folder.write(payloadPath(n), payloads.join(""));
    options.progress?.(builder.size, size);
    [bundle, payloads] = [[], []];
  };
  for await (const leaf of source.leaves(0, size)) {
    if (leaf.index !== builder.size) throw new LedgerError(`leaf ${leaf.index} where ${builder.size} belongs`);
    bundle.push(Uint8Array.from(leaf.leaf));
    payloads.push(payloadLine(leaf, size));
    await writeTiles(folder, builder.add(leafHash(leaf.leaf)));
    if (bundle.length === TILE_WIDTH) await flush();
  }
  await flush();
  await writeTiles(folder, builder.partial());
  if (builder.size !== size || !builder.root().equals(root)) {
    throw new LedgerError("the leaves are not the tree that the checkpoint signs");
  }
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

async function writeTiles(folder: DurableFolder, tiles: readonly BuiltTile[]): Promise<void> {
  for (const tile of tiles) await folder.write(tilePath(tile), Buffer.from(tile.hashes));
}

async function writeEvidence(folder: DurableFolder, source: LedgerSource, options: ExportOptions): Promise<void> {
  const { size } = parseCheckpoint(source.checkpoint);
  const hashAt = exportedHashes(folder.path, size);
  const keys = [...source.vkeys, ...(source.witnessVkeys ?? [])].map(parseVkey);
  for (const { old, checkpoint } of options.consistency ?? []) {
    const newer = await ofThisTree(checkpoint, size, hashAt);
    const hashes = await consistencyProof(old, newer, hashAt);
    const lines = hashes.map((hash) => `${hash.toString("base64")}\n`).join("");
    const file = `old ${old}\n${lines}\n${withKnownLines(checkpoint, keys)}`;
    await folder.write(`consistency/${old}-${newer}`, file);
  }
  for (const { checkpoint, files } of options.anchors ?? []) {
    const at = `anchors/${await ofThisTree(checkpoint, size, hashAt)}`;
    // Byte for byte as it was stamped, so no line is left out here.
    await folder.write(`${at}/checkpoint`, checkpoint);
    for (const { name, bytes } of files) await folder.write(`${at}/${name}`, bytes);
  }
  const checkpoint = withKnownLines(source.checkpoint, keys);
  for (const index of options.proofs ?? []) {
    for await (const leaf of source.leaves(index, index + 1)) {
      const content =
        leaf.erasedBy === null && options.payloads !== false ? { payload: leaf.payload, salt: leaf.salt } : null;
      const hashes = await inclusionProof(index, size, hashAt);
      const text = Buffer.from(leaf.leaf).toString("latin1");
      await folder.write(
        `proof/${index}.tlog-proof`,
        formatTlogProof({ index, leaf: text, content, hashes, checkpoint }),
      );
    }
  }
}

async function ofThisTree(checkpoint: string, size: number, hashAt: HashAt): Promise<number> {
  const older = parseCheckpoint(checkpoint);
  if (older.size > size || !(await rootAt(older.size, hashAt)).equals(older.root)) {
    throw new LedgerError(`the checkpoint of size ${older.size} is not of this tree`);
  }
  return older.size;
}
