import { mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { parseCheckpoint } from "./checkpoint.ts";
import { formatContinuation } from "./continuation.ts";
import { DurableFolder, syncFolder } from "./durable-folder.ts";
import { LedgerError } from "./error.ts";
import { exportFiles, notOfThisTree, withKnownLines } from "./export-files.ts";
import type { ExportOptions, LedgerSource } from "./export-types.ts";
import { exportedHashes } from "./exported-hashes.ts";
import { consistencyProof, inclusionProof, rootAt, type HashAt } from "./proof.ts";
import { formatTlogProof } from "./tlog-proof.ts";
import { parseVkey } from "./vkey.ts";

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
  const { origin, size } = parseCheckpoint(source.checkpoint);
  const written = await writeNewFolder(dir, async (folder) => {
    for await (const { name, content } of exportFiles(source, options)) await folder.write(name, content);
    await folder.settle();
    await writeEvidence(folder, source, options);
  });
  return { ...written, origin, size };
}

/**
 * Writes a folder that appears whole or not at all.
 *
 * @param dir a folder that is not there yet, or is empty
 * @throws LedgerError when the folder is in use; whatever `write` throws
 */
export async function writeNewFolder(
  dir: string,
  write: (folder: DurableFolder) => Promise<void>,
): Promise<Pick<ExportReport, "dir" | "files" | "bytes">> {
  const place = resolve(dir);
  await refuseUsed(place);
  const temporary = await mkdtemp(join(dirname(place), `.${basename(place)}.partial-`));
  const folder = new DurableFolder(temporary);
  try {
    await write(folder);
    await folder.finish();
    // An empty folder in the place gives way; one that somebody has filled meanwhile does not.
    await rmdir(place).catch(ignoreAbsent);
    await rename(temporary, place);
    await syncFolder(dirname(place));
    return { dir: place, files: folder.files, bytes: folder.bytes };
  } catch (error) {
    await folder.idle();
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

async function writeEvidence(folder: DurableFolder, source: LedgerSource, options: ExportOptions): Promise<void> {
  const { size } = parseCheckpoint(source.checkpoint);
  const hashAt = exportedHashes(folder.path, size);
  const keys = [...source.vkeys, ...(source.witnessVkeys ?? [])].map(parseVkey);
  for (const { old, checkpoint } of options.consistency ?? []) {
    const newer = await ofThisTree(checkpoint, size, hashAt);
    const hashes = await consistencyProof(old, newer, hashAt);
    const file = formatContinuation({ old, hashes, checkpoint: withKnownLines(checkpoint, keys) });
    await folder.write(`consistency/${old}-${newer}`, file);
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
    throw notOfThisTree(older.size);
  }
  return older.size;
}
