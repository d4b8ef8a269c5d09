import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

import { sqliteFailure } from "./failures.ts";

const ALL_PAGES = 0x7fff_ffff;
const LOCK_WAIT_MS = 30_000;

/**
 * Copies `<dataDir>/bursar.db` as it stands at one moment into a new file, while others read and write.
 *
 * @throws Failure `store.*`
 */
export async function backupDatabase(dataDir: string, file: string): Promise<void> {
  const path = join(dataDir, "bursar.db");
  try {
    const source = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS });
    try {
      // All pages in one step: between two, a commit of another process would make it begin again.
      await backup(source, file, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    // One file by itself: nothing beside it, until somebody writes into it.
    const copy = new DatabaseSync(file);
    try {
      copy.exec("pragma journal_mode = delete");
    } finally {
      copy.close();
    }
  } catch (thrown) {
    throw sqliteFailure(thrown, path);
  }
}
