import { closeSync, constants, fstatSync, openSync, readSync, type Dir } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { isUtf8 } from "node:buffer";
import { LedgerError } from "./error.ts";
import { messageOf, type Findings } from "./findings.ts";
import { levelsOf, parseNumberPath, parseTilePath, tilesAt, TILE_WIDTH } from "./tile.ts";

interface Entry {
  readonly name: string;
  readonly kind: "file" | "empty folder" | "unreadable folder" | "other";
}

/** An export as a folder on this machine. */
export class ExportFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads a file whole.
   *
   * @param longest refuse more bytes than this before reading them
   * @param into where to: then what is given is valid until that is read into again
   * @throws LedgerError, also for anything but a plain file; or the system's error when it cannot be read.
   */
  read(name: string, longest: number, into = new ReadBuffer()): Buffer {
    const file = openPlain(join(this.path, name));
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) throw new LedgerError(NO_FILE);
      const { size } = stat;
      if (size > longest) throw new LedgerError(`has ${size} bytes, more than belong`);
      return into.fill(file, size);
    } finally {
      closeSync(file);
    }
  }

  /** Reads a small text file. @throws LedgerError when it is not UTF-8. */
  readText(name: string): string {
    const bytes = this.read(name, LONGEST_TEXT);
    if (!isUtf8(bytes)) throw new LedgerError("is not UTF-8");
    return bytes.toString("utf8");
  }

  /** {@link readText}, or undefined when there is no such file. */
  readTextIfThere(name: string): string | undefined {
    try {
      return this.readText(name);
    } catch (error) {
      if (messageOf(error) === "is missing") return undefined;
      throw error;
    }
  }

  /** All files below a folder, in no order, each by its name from the export's folder; none when it is not there. */
  async *filesBelow(folder: string): AsyncGenerator<string> {
    for await (const { name, kind } of this.#walk(folder)) if (kind === "file") yield name;
  }

  /**
   * Looks for anything that does not belong into an export of this size.
   *
   * @returns whether all files are plain files, so that reading them is safe
   */
  async findStrangers(size: number, findings: Findings): Promise<boolean> {
    let plain = true;
    for await (const { name, kind } of this.#walk("")) {
      if (kind === "other" || kind === "unreadable folder") plain = false;
      if (kind === "unreadable folder") findings.add(name, "is a folder that cannot be read");
      else if (kind === "other") findings.add(name, "is neither a file nor a folder");
      else if (kind === "empty folder") findings.add(name, "is an empty folder");
      else if (!belongs(name, size)) findings.add(name, "does not belong into this export");
    }
    return plain;
  }

  async *#walk(folder: string): AsyncGenerator<Entry> {
    let entries: Dir;
    try {
      entries = await opendir(join(this.path, folder));
    } catch (error) {
      if (folder === "") throw error;
      // Forbidden, or nested so deeply that its path is too long.
      if (!isCode(error, "ENOENT")) yield { name: folder, kind: "unreadable folder" };
      return;
    }
    let empty = true;
    for await (const entry of entries) {
      empty = false;
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.#walk(name);
      else yield { name, kind: entry.isFile() ? "file" : "other" };
    }
    if (empty && folder !== "") yield { name: folder, kind: "empty folder" };
  }
}

/** Memory that one file after the other is read into: a new buffer for each would be garbage, and a lot of it. */
export class ReadBuffer {
  #bytes = Buffer.alloc(0);

  /** The whole file, which had so many bytes when last looked at. @throws LedgerError when it has fewer, or more */
  fill(file: number, size: number): Buffer {
    // One more, to see the end.
    if (this.#bytes.length <= size) this.#bytes = Buffer.allocUnsafeSlow(Math.ceil((size + 1) * 1.25));
    let filled = 0;
    for (let read = -1; read !== 0; filled += read) read = readSync(file, this.#bytes, filled, size + 1 - filled, null);
    if (filled !== size) throw new LedgerError("changed while it was read");
    return this.#bytes.subarray(0, size);
  }
}

/**
 * A pipe would be waited for and a device never end, so neither is read, nor followed to by a link. On Windows there are
 * no such flags.
 */
const PLAINLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const NO_FILE = "is no plain file";

function openPlain(path: string): number {
  try {
    return openSync(path, PLAINLY);
  } catch (error) {
    throw isCode(error, "ELOOP") ? new LedgerError(NO_FILE) : error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Whether the folder holds payloads at all: an export for an auditor may leave them out. */
export async function hasPayloads(folder: ExportFolder): Promise<boolean> {
  for await (const _ of folder.filesBelow("payload")) return true;
  return false;
}

/** Whether a file of this name has a place in an export of a tree of this size. */
function belongs(name: string, size: number): boolean {
  if (name === "checkpoint" || name === "vkey" || name === "witness-vkey") return true;
  const top = name.slice(0, name.indexOf("/"));
  const rest = name.slice(top.length + 1);
  switch (top) {
    case "tile":
      return isTileOf(name, size);
    case "payload": {
      const n = parseNumberPath(rest);
      return n !== undefined && n * TILE_WIDTH < size;
    }
    case "proof":
      return /^(?:0|[1-9]\d{0,15})\.tlog-proof$/.test(rest);
    case "consistency":
      return /^(?:0|[1-9]\d{0,15})-(?:0|[1-9]\d{0,15})$/.test(rest);
    case "anchors":
      return ANCHOR_FILE.test(rest);
    default:
      return false;
  }
}

/** `<size>/checkpoint`, a stamp on it such as `checkpoint.ots`, or a time stamp authority's certificates. */
const ANCHOR_FILE = /^(?:0|[1-9]\d{0,15})\/(?:checkpoint(?:\.[a-z0-9-]{1,40}){0,2}|tsa-ca(?:\.[a-z0-9-]{1,40})?\.pem)$/;

function isTileOf(name: string, size: number): boolean {
  const tile = parseTilePath(name);
  if (tile === undefined || (tile.level !== "entries" && tile.level >= levelsOf(size))) return false;
  const { full, partial } = tilesAt(tile.level, size);
  return tile.n < full ? tile.width === TILE_WIDTH : tile.n === full && tile.width === partial && partial > 0;
}

const LONGEST_TEXT = 16_000_000;
