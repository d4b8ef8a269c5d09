import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Failure, type Scope } from "../domain/index.ts";
import { parseCheckpoint, rootAt } from "../ledger/index.ts";
import { latestCheckpoint, logState, subtreeHash, type Store } from "../store/index.ts";

/** The last signed checkpoint of a tenant, in a file outside the database: a restored database cannot forget it. */
export class CheckpointFile {
  readonly #path: string;

  constructor(dataDir: string, tenant: string) {
    this.#path = join(dataDir, "checkpoints", tenant);
  }

  /** Replaces the note; on return it would survive a power cut. */
  async keep(note: string): Promise<void> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${randomBytes(6).toString("hex")}.partial`;
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw fileFailure(cause, this.#path);
    }
    const directory = await open(folder, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
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

  /**
   * Makes sure that the database still continues what was signed last.
   *
   * @throws Failure `ledger.rolled_back` when it is older or another; `ledger.verification` when the file is gone
   * although something was signed: which database is the newest is then a person's decision.
   */
  async check(store: Store, scope: Scope): Promise<void> {
    const kept = await this.read();
    const trouble = await store.read(async (tx) => {
      const present = (await logState(tx, scope))?.size ?? 0;
      if (kept === null) {
        return (await latestCheckpoint(tx, scope)) === null ? null : lost(this.#path);
      }
      const signed = parseCheckpoint(kept);
      const same =
        signed.size <= present &&
        (await rootAt(signed.size, (level, index) => subtreeHash(tx, scope, { level, index }))).equals(signed.root);
      return same ? null : new Failure("ledger.rolled_back", { signed: signed.size, present });
    });
    if (trouble !== null) throw trouble;
  }

  /** Takes over what the database signed last. For an operator who knows that this database is the newest. */
  async restore(store: Store, scope: Scope): Promise<number | null> {
    const latest = await store.read((tx) => latestCheckpoint(tx, scope));
    if (latest !== null) await this.keep(latest.note);
    return latest?.size ?? null;
  }
}

function lost(path: string): Failure {
  const what = `${path}, which keeps the last signed checkpoint, is missing; if this database is the newest, run bursar doctor --restore-checkpoint`;
  return new Failure("ledger.verification", { what });
}

function fileFailure(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error) || !("code" in cause)) return cause;
  if (cause.code === "ENOSPC") return new Failure("store.disk_full", {}, { cause });
  if (cause.code === "EACCES" || cause.code === "EROFS" || cause.code === "EPERM") {
    return new Failure("store.read_only", { path }, { cause });
  }
  return new Failure("store.io", { problem: String(cause.code), path }, { cause });
}
