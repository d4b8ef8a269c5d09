import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./run-main.ts", import.meta.url));
const PRELOAD = new URL("./kill-preload.ts", import.meta.url).href;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface ProcessOptions {
  /** What is run in place of the sources: the built program. */
  readonly program?: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the program from its sources in a process of its own. */
export function runProgram(args: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  return run([options.program ?? MAIN, ...args], options);
}

/** The same, killed at its n-th durable step (a commit, a flush, a rename; before and after each). */
export function runKilled(args: readonly string[], killAt: number, options: ProcessOptions): Promise<ProcessEnd> {
  const env = { ...options.env, KILL_AT: String(killAt) };
  return run(["--import", PRELOAD, options.program ?? MAIN, ...args], { ...options, env });
}

/** How many durable steps a run takes that nothing disturbs, and how it ended. */
export async function countSteps(
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessEnd & { readonly steps: number }> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-steps-"));
  try {
    const file = join(folder, "count");
    const env = { ...options.env, KILL_COUNT: file };
    const end = await run(["--import", PRELOAD, options.program ?? MAIN, ...args], { ...options, env });
    return { ...end, steps: Number(await readFile(file, "utf8")) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every step in the full check; else some, evenly spread and always the same. */
export function stepsToKill(steps: number, sample: number): number[] {
  if (process.env["BURSAR_FULL"] || steps <= sample) return Array.from({ length: steps }, (_, i) => i + 1);
  return Array.from({ length: sample }, (_, i) => Math.round(((i + 1) * (steps + 1)) / (sample + 1)));
}

function run(args: readonly string[], { cwd, env, input = "" }: ProcessOptions): Promise<ProcessEnd> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}
