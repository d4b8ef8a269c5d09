import { readdir } from "node:fs/promises";

import { Failure } from "../domain/index.ts";
import { LedgerError } from "../ledger/index.ts";

/** @throws Failure `input.folder_not_empty`, and `input.invalid` when the place is a file or out of reach. */
export async function refuseUsedFolder(dir: string): Promise<void> {
  try {
    if ((await readdir(dir)).length > 0) throw new Failure("input.folder_not_empty", { field: "dir", path: dir });
  } catch (thrown) {
    if (thrown instanceof Failure || codeOf(thrown) === "ENOENT") {
      if (thrown instanceof Failure) throw thrown;
      return;
    }
    throw folderFailure(dir, thrown);
  }
}

/** What the ledger room throws, as failures that a person can act on. */
export async function tellLedgerTrouble<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof LedgerError)
      throw new Failure("ledger.verification", { what: thrown.message }, { cause: thrown });
    if (codeOf(thrown) !== null) throw folderFailure(dir, thrown);
    throw thrown;
  }
}

function folderFailure(dir: string, thrown: unknown): unknown {
  const cause = { cause: thrown };
  switch (codeOf(thrown)) {
    case "ENOENT":
      return new Failure(
        "input.invalid",
        {
          field: "dir",
          problem: `the folder above ${dir} does not exist`,
          remedy: "Make it first, or give another place.",
        },
        cause,
      );
    case "ENOTDIR":
    case "EEXIST":
      return new Failure(
        "input.invalid",
        { field: "dir", problem: `${dir} is no folder`, remedy: "Give a new folder." },
        cause,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new Failure(
        "input.invalid",
        { field: "dir", problem: `${dir} may not be written`, remedy: "Give a place that this user may write to." },
        cause,
      );
    case "ENOSPC":
      return new Failure("store.disk_full", {}, cause);
    default:
      return thrown;
  }
}

function codeOf(thrown: unknown): string | null {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" && "syscall" in thrown
    ? thrown.code
    : null;
}
