import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { parseContinuation, type Continuation } from "./continuation.ts";
import { LedgerError } from "./error.ts";
import type { SourceLeaf } from "./export-types.ts";
import { exportedHashes } from "./exported-hashes.ts";
import type { HashAt } from "./proof.ts";
import { parseDecimal } from "./spelling.ts";
import { decodeBundle, payloadPath, TILE_WIDTH, tilePath } from "./tile.ts";
import { ExportFolder } from "./verify-files.ts";

/** An export that was verified, to be read again. Nothing is checked here but the form. */
export interface ReadExport {
  readonly checkpoint: Checkpoint;
  /** The checkpoint's text. */
  readonly note: string;
  readonly hashAt: HashAt;
  /** Its consistency proofs: among them, how the log changed keys. */
  readonly continuations: readonly Continuation[];
  /** Leaves [from, to) in order, with their payloads. */
  leaves(from: number, to: number): AsyncGenerator<SourceLeaf>;
}

/** @throws LedgerError, or the system's error for a file that cannot be read */
export async function readExport(dir: string): Promise<ReadExport> {
  const note = await readFile(join(dir, "checkpoint"), "utf8");
  const checkpoint = parseCheckpoint(note);
  const folder = new ExportFolder(dir);
  const continuations: Continuation[] = [];
  for await (const file of folder.filesBelow("consistency")) {
    continuations.push(parseContinuation(folder.readText(file)));
  }
  return {
    checkpoint,
    note,
    hashAt: exportedHashes(dir, checkpoint.size),
    continuations,
    async *leaves(from, to) {
      for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n += 1) {
        const first = n * TILE_WIDTH;
        const width = Math.min(TILE_WIDTH, checkpoint.size - first);
        const bundle = await readFile(join(dir, tilePath({ level: "entries", n, width })));
        const lines = await linesOf(join(dir, payloadPath(n)));
        for (const [place, leaf] of decodeBundle(bundle, width).entries()) {
          const index = first + place;
          if (index >= from && index < to) yield sourceLeaf(index, leaf, lines[place] ?? "");
        }
      }
    },
  };
}

async function linesOf(path: string): Promise<string[]> {
  // Payloads hold no newline.
  return (await readFile(path, "utf8")).split("\n");
}

function sourceLeaf(index: number, leaf: Uint8Array, line: string): SourceLeaf {
  const parts = /^(\d+) (?:erased (\d+)|([0-9a-f]{64}) (.*))$/s.exec(line);
  if (parts === null || parts[1] !== String(index)) throw new LedgerError(`no payload line of leaf ${index}`);
  const [, , erasedBy, salt = "", payload = ""] = parts;
  if (erasedBy !== undefined) return { index, leaf, salt: null, payload: null, erasedBy: parseDecimal(erasedBy) };
  return { index, leaf, salt: Buffer.from(salt, "hex"), payload, erasedBy: null };
}
