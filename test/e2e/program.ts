import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd: string;
}

/** An environment without anything of whoever runs the tests. */
export function cleanEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", NO_COLOR: "1", ...more };
}

export function start(args: readonly string[], { env, cwd }: RunOptions): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env: cleanEnv(env), stdio: ["pipe", "pipe", "pipe"] });
}

/** Runs the built program to its end. Without `input`, stdin is closed at once. */
export function run(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start(args, options);
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return ended(child);
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

export interface Heard {
  /** All that the program said so far, on both channels. */
  said(): string;
  /** What the first group of the pattern matches, as soon as the program has said it. */
  until(pattern: RegExp): Promise<string>;
}

/** Listens to a program that goes on. */
export function hear(child: ChildProcessWithoutNullStreams): Heard {
  let said = "";
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      for (const look of looks) look();
    });
  }
  return {
    said: () => said,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const [, found] = pattern.exec(said) ?? [];
          if (found === undefined) return;
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
        child.once("error", reject);
        child.once("close", () => reject(new Error(`The program ended early.\n${said}`)));
      }),
  };
}

/** Asks a program to end, and waits until it has. */
export async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await gone;
}

/** A folder of a test, and the way to remove it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "bursar-e2e-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
