import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Bytes put aside in a temporary file, made when the first are. The file has no name from then on, so that it goes with
 * the process however that ends.
 */
export class ScratchFile {
  #file: number | undefined;
  #size = 0;

  /** Where the bytes stand, or null where no such file can be written: then it is for the caller to keep them. */
  write(bytes: Uint8Array): number | null {
    const at = this.#size;
    try {
      this.#file ??= openUnnamed();
      // A disk that fills up takes a part of them first.
      if (writeSync(this.#file, bytes, 0, bytes.length, at) < bytes.length) return null;
    } catch {
      return null;
    }
    this.#size += bytes.length;
    return at;
  }

  /** Fills `into` with the bytes from `at` on. @throws Error where there are fewer, or the system's. */
  read(at: number, into: Uint8Array): void {
    const read = this.#file === undefined ? 0 : readSync(this.#file, into, 0, into.length, at);
    if (read < into.length) throw new Error("a temporary file does not hold what was written to it");
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function openUnnamed(): number {
  const folder = mkdtempSync(join(tmpdir(), "bursar-verify-"));
  try {
    return openSync(join(folder, "scratch"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
