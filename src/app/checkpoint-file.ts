import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Failure } from "../domain/index.ts";

/** Folder of the kept checkpoints in the data folder: one file a tenant. */
export const CHECKPOINTS = "checkpoints";

/** The last signed checkpoint of a tenant, in a file outside the database: a restored database cannot forget it. */
export class CheckpointFile {
  readonly #path: string;

  constructor(dataDir: string, tenant: string) {
    this.#path = join(dataDir, CHECKPOINTS, tenant);
  }

  /** Replaces the note; on return it would survive a power cut. */
  async keep(note: string): Promise<void> {
    const folder = dirname(this.#path);
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.partial`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      const directory = await open(folder, "r");
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      throw fileFailure(cause, this.#path);
    }
  }

  async read(): Promise<string | null> {
    try {
      return await readFile(this.#path, "utf8");
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
      throw fileFailure(cause, this.#path);
    }
  }
}

function fileFailure(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error) || !("code" in cause)) return cause;
  if (cause.code === "ENOSPC") return new Failure("store.disk_full", {}, { cause });
  if (cause.code === "EACCES" || cause.code === "EROFS" || cause.code === "EPERM") {
    return new Failure("store.read_only", { path }, { cause });
  }
  return new Failure("store.io", { problem: String(cause.code), path }, { cause });
}
