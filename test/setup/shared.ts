import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SHARED } from "../support/once-a-run.ts";

/** A folder for what several test files need and one of them makes. Each project sets up; it is one folder for all. */
export function setup(): () => void {
  if (process.env[SHARED] !== undefined) return () => {};
  const folder = mkdtempSync(join(tmpdir(), "bursar-shared-"));
  process.env[SHARED] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
