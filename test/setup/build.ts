import { ensureBuilt } from "../../scripts/build.ts";

/** End-to-end tests run what is shipped, so dist is made from the sources as they are now. */
export async function setup(): Promise<void> {
  const { code, output } = await ensureBuilt();
  if (code !== 0) throw new Error(`The build failed:\n${output}`);
}
