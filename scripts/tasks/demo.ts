import { attach } from "../process.ts";
import { build } from "./build.ts";

/** `bursar demo` from the sources: with its arguments, on this terminal, with its exit code. */
export async function demo(args: readonly string[]): Promise<number> {
  const code = await build();
  if (code !== 0) return code;
  return attach(process.execPath, ["--disable-warning=ExperimentalWarning", "bin/bursar.js", "demo", ...args]);
}
