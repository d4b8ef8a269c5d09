import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { Failure } from "../domain/index.ts";

export interface DataFolder {
  readonly hasDatabase: boolean;
  readonly hasKek: boolean;
}

/**
 * What a data folder holds. One that cannot be looked into is a failure: taken for empty it would look like a fresh
 * install.
 *
 * @throws Failure `app.config` when it is no folder, `store.io` when this user may not look into it.
 */
export function lookInto(data: string): DataFolder {
  return { hasDatabase: isThere(data, "bursar.db"), hasKek: isThere(data, "kek") };
}

/** Makes the folder unless it is there. @throws Failure `app.config` */
export function makeFolder(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    // Not in one call: where nothing can be made, as in /proc, Node's recursive one tries for ever.
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    const code = codeOf(cause);
    const problem = code === "EEXIST" || code === "ENOTDIR" ? "is no folder" : `cannot be made (${code})`;
    throw new Failure("app.config", { field: "data", problem: `${path} ${problem}` }, { cause });
  }
}

function isThere(data: string, name: string): boolean {
  try {
    statSync(join(data, name));
    return true;
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "ENOENT") return false;
    if (code === "ENOTDIR")
      throw new Failure("app.config", { field: "data", problem: `${data} is no folder` }, { cause });
    const reason = code === "EACCES" || code === "EPERM" ? "permission" : code;
    throw new Failure("store.io", { problem: `${data} cannot be read: ${reason}`, path: data }, { cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
}
