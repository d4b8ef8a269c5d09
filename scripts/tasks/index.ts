import { ensureDebianTools } from "../debian-tools.ts";
import { bench } from "./bench.ts";
import { build } from "./build.ts";
import { check, checkFull } from "./check.ts";
import { demo } from "./demo.ts";
import { format } from "./format.ts";
import { postgres } from "./postgres.ts";
import { screenshots } from "./screenshots.ts";
import { test } from "./test.ts";

/** A task gets the arguments after its name and gives the exit code of the process. */
export type Task = (args: readonly string[]) => Promise<number>;

const TASKS: Readonly<Record<string, Task>> = {
  build,
  demo,
  check,
  "check:full": checkFull,
  test,
  bench,
  format,
  postgres,
  screenshots,
};

/** Begins what a task needs besides our dependencies, while these are installed. */
export function prepareTask(name: string | undefined): void {
  const say = (line: string) => process.stderr.write(`\nbursar: ${line}\n`);
  if (name === "check" || name === "check:full") void ensureDebianTools(say);
}

export async function runTask(name: string | undefined, args: readonly string[]): Promise<number> {
  const task = name === undefined ? undefined : TASKS[name];
  if (task === undefined) {
    process.stderr.write(`usage: node scripts/bootstrap.mjs ${Object.keys(TASKS).join(" | ")} [arguments]\n`);
    return 2;
  }
  return task(args);
}
