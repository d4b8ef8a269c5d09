import { open, opendir } from "node:fs/promises";
import { join } from "node:path";
import { isUtf8 } from "node:buffer";
import { LedgerError } from "./error.ts";
import { messageOf, type Findings } from "./findings.ts";
import { levelsOf, parseNumberPath, parseTilePath, tilesAt, TILE_WIDTH } from "./tile.ts";

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
   * @throws LedgerError, or the system's error when it cannot be read.
   */
  async read(name: string, longest: number): Promise<Buffer> {
    const file = await open(join(this.path, name), "r");
    try {
      const { size } = await file.stat();
      if (size > longest) throw new LedgerError(`has ${size} bytes, more than belong`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  /** Reads a small text file. @throws LedgerError when it is not UTF-8. */
  async readText(name: string): Promise<string> {
    const bytes = await this.read(name, LONGEST_TEXT);
    if (!isUtf8(bytes)) throw new LedgerError("is not UTF-8");
    return bytes.toString("utf8");
  }

  /** {@link readText}, or undefined when there is no such file. */
  async readTextIfThere(name: string): Promise<string | undefined> {
    try {
      return await this.readText(name);
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
      if (kind === "other") plain = false;
      if (kind === "other") findings.add(name, "is neither a file nor a folder");
      else if (kind === "empty folder") findings.add(name, "is an empty folder");
      else if (!belongs(name, size)) findings.add(name, "does not belong into this export");
    }
    return plain;
  }

  async *#walk(folder: string): AsyncGenerator<{ name: string; kind: "file" | "empty folder" | "other" }> {
    const entries = await opendir(join(this.path, folder)).catch((error: unknown) => {
      if (folder !== "" && messageOf(error) === "is missing") return [];
      throw error;
    });
    let empty = true;
    for await (const entry of entries) {
      empty = false;
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.#walk(name);
      else yield { name, kind: entry.isFile() ? "file" : "other" };
    }
    if (empty && folder !== "" && !Array.isArray(entries)) yield { name: folder, kind: "empty folder" };
  }
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
