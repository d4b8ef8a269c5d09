import { attach } from "../process.ts";

export function bench(args: readonly string[]): Promise<number> {
  return attach(process.execPath, ["--disable-warning=ExperimentalWarning", "bench/run.ts", ...args]);
}
