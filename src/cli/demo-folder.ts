import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { Failure } from "../domain/index.ts";

/** Only a folder that holds this file is ever emptied. */
const MARK = ".bursar-demo";

/**
 * An empty folder for the demo: the one asked for, else `demo-data` here, else a temporary one. What an earlier demo
 * left in it is removed; anything else is refused.
 *
 * @throws Failure `input.folder_not_empty`, `input.invalid`
 */
export function demoFolder(asked: string | undefined): string {
  const place = asked === undefined ? (isWritable(process.cwd()) ? resolve("demo-data") : null) : resolve(asked);
  try {
    if (place === null) return marked(mkdtempSync(join(tmpdir(), "bursar-demo-")));
    if (existsSync(place) && readdirSync(place).length > 0) {
      if (!existsSync(join(place, MARK))) throw new Failure("input.folder_not_empty", { field: "--data", path: place });
      rmSync(place, { recursive: true });
    }
    if (!existsSync(place)) {
      // Not in one call: where nothing can be made, as in /proc, Node's recursive one tries for ever.
      mkdirSync(dirname(place), { recursive: true });
      mkdirSync(place, { mode: 0o700 });
    }
    return marked(place);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unusable";
    throw new Failure(
      "input.invalid",
      { field: "--data", problem: `${place} cannot be used (${code})`, remedy: "Give a new folder." },
      { cause },
    );
  }
}

function marked(folder: string): string {
  writeFileSync(join(folder, MARK), "This folder belongs to bursar demo, which empties it each time.\n", {
    mode: 0o600,
  });
  return folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
