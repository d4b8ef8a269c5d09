import { ensureBuilt } from "../build.ts";

export async function build(): Promise<number> {
  const started = performance.now();
  const outcome = await ensureBuilt();
  process.stderr.write(outcome.output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const what = outcome.code !== 0 ? "build failed" : outcome.built ? "built dist" : "dist is up to date";
  process.stderr.write(`bursar: ${what} … ${seconds} s\n`);
  return outcome.code;
}
