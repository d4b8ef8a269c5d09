import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The folder that the files of one run share; vitest's set-up makes it, and removes it. */
export const SHARED = "BURSAR_TEST_SHARED";

/**
 * What is the same for several test files, made by the first that needs it; the others wait for it. Outside a run of
 * the tests there is nobody to share with.
 *
 * @param make fills a folder that does not exist yet
 * @returns the folder, which nobody may change, or null where nothing is shared
 */
export async function onceARun(name: string, make: (folder: string) => Promise<void>): Promise<string | null> {
  const shared = process.env[SHARED];
  if (shared === undefined) return null;
  const folder = join(shared, name);
  const mine = `${folder}.making`;
  while (!existsSync(folder)) {
    if (!(await isFirst(mine))) {
      // If whoever makes it fails, one of those who wait tries for itself.
      await sleep(50);
      continue;
    }
    try {
      // It may have been finished between the look and the claim.
      if (existsSync(folder)) break;
      const fresh = join(mine, "fresh");
      await make(fresh);
      await rename(fresh, folder);
    } finally {
      await rm(mine, { recursive: true, force: true });
    }
  }
  return folder;
}

async function isFirst(mine: string): Promise<boolean> {
  try {
    await mkdir(mine);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") return false;
    throw thrown;
  }
}
