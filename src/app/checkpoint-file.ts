import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Failure } from "../domain/index.ts";
import { replaceFile } from "../ledger/index.ts";

/** In the data folder: one file a tenant. */
const CHECKPOINTS = "checkpoints";

/** The last signed checkpoint of a tenant, in a file outside the database: a restored database cannot forget it. */
export class CheckpointFile {
  readonly #path: string;

  constructor(dataDir: string, tenant: string) {
    this.#path = join(dataDir, CHECKPOINTS, tenant);
  }

  /** Replaces the note; on return it would survive a power cut. */
  async keep(note: string): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await replaceFile(this.#path, note, 0o600);
    } catch (cause) {
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

/** The kept checkpoints of all tenants, by tenant. */
export async function keptCheckpoints(dataDir: string): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  let names: string[];
  try {
    names = await readdir(join(dataDir, CHECKPOINTS));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return kept;
    throw fileFailure(cause, dataDir);
  }
  for (const tenant of names.filter((name) => !name.endsWith(".partial")).toSorted()) {
    const note = await new CheckpointFile(dataDir, tenant).read();
    if (note !== null) kept.set(tenant, note);
  }
  return kept;
}

function fileFailure(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error) || !("code" in cause)) return cause;
  if (cause.code === "ENOSPC") return new Failure("store.disk_full", {}, { cause });
  if (cause.code === "EACCES" || cause.code === "EROFS" || cause.code === "EPERM") {
    return new Failure("store.read_only", { path }, { cause });
  }
  return new Failure("store.io", { problem: String(cause.code), path }, { cause });
}
