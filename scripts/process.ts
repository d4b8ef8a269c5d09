import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder; every task runs there. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Outcome {
  readonly code: number;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** The entry files of the tools, started with this very Node: no shell, no PATH, the same on every platform. */
const TOOLS = {
  tsc: "typescript/bin/tsc",
  oxlint: "oxlint/bin/oxlint",
  knip: "knip/bin/knip.js",
  oxfmt: "oxfmt/bin/oxfmt",
  vitest: "vitest/vitest.mjs",
} as const;

export type Tool = keyof typeof TOOLS;

export function toolPath(tool: Tool): string {
  return join(ROOT, "node_modules", TOOLS[tool]);
}

/** Runs a command and keeps what it says; a command that cannot be started is an outcome too. */
export function capture(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    let output = "";
    const take = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 127, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

export function captureTool(tool: Tool, args: readonly string[]): Promise<Outcome> {
  return capture(process.execPath, [toolPath(tool), ...args]);
}

/** Runs a command on this terminal, passes signals on, and gives its exit code (128 and the number for a signal). */
export function attach(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; stdin?: "inherit" | "ignore"; timeoutMs?: number } = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: [options.stdin ?? "inherit", "inherit", "inherit"],
    env: { ...process.env, ...options.env },
  });
  const stopPassing = passSignals(child);
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
  return new Promise((resolve) => {
    const end = (code: number) => {
      clearTimeout(timer);
      stopPassing();
      resolve(code);
    };
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      end(127);
    });
    child.on("close", (code, signal) => end(code ?? 128 + signalNumber(signal)));
  });
}

export function attachTool(tool: Tool, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return attach(process.execPath, [toolPath(tool), ...args], { env });
}

function passSignals(child: ChildProcess): () => void {
  const passed = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => {
    // A terminal sends Ctrl-C to the whole group already.
    const pass = () => void (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  return () => {
    for (const stop of passed) stop();
  };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : signal === "SIGHUP" ? 1 : 9;
}
