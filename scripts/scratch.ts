import { chmodSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

/** Linux keeps what lies here in memory. */
const MEMORY = "/dev/shm";
const TMPFS = 0x0102_1994;
/** What the tests have written at their most, twice over; and what must be free besides. */
const ROOM = 4 * 2 ** 30;

/**
 * Puts temporary files of this process, and of those it starts, into memory if there is plenty: a database waits for the
 * disk at each commit, and what is thrown away need not outlive a power cut.
 *
 * @returns what removes them
 */
export function keepScratchInMemory(): () => void {
  if (process.env["TMPDIR"] !== undefined || !hasRoom()) return () => {};
  const folder = mkdtempSync(join(MEMORY, "bursar-"));
  // PostgreSQL runs as another user, who has to come through.
  chmodSync(folder, 0o711);
  process.env["TMPDIR"] = folder;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  return () => {
    process.off("exit", remove);
    delete process.env["TMPDIR"];
    remove();
  };
}

function hasRoom(): boolean {
  if (process.platform !== "linux") return false;
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY);
    return type === TMPFS && bavail * bsize >= ROOM && process.availableMemory() >= 2 * ROOM;
  } catch {
    return false;
  }
}
