import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureBuilt } from "../../scripts/build.ts";
import { SHARED } from "../support/once-a-run.ts";

/** End-to-end tests run what is shipped, so dist is made from the sources as they are now. */
export async function setup(): Promise<void> {
  const { code, output } = await ensureBuilt();
  if (code !== 0) throw new Error(`The build failed:\n${output}`);
  process.env[SHARED] = await mkdtemp(join(tmpdir(), "bursar-shared-"));
}

export async function teardown(): Promise<void> {
  const shared = process.env[SHARED];
  if (shared !== undefined) await rm(shared, { recursive: true, force: true });
}
