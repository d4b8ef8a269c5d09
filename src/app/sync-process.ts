import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { DaemonOptions } from "./daemon.ts";

export interface SyncProcess {
  readonly ended: Promise<{ readonly exit: number; readonly problem: string }>;
  /** Asks it to finish its window. */
  end(): void;
  kill(): void;
}

const PROGRAM = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

/** Starts `bursar sync` of a tenant. Settings go by the environment: a command line can be read by every user. */
export function runSyncProcess({ settings, env, globals }: DaemonOptions, tenant: string): SyncProcess {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, "sync", "--json", "--tenant", tenant], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...env,
      BURSAR_DATA: settings.data,
      BURSAR_DATABASE_URL: settings.databaseUrl ?? "",
      BURSAR_KEK_FILE: settings.kekFile ?? "",
      BURSAR_UPSTREAM: settings.upstream.isChosen ? settings.upstream.url : "",
      BURSAR_LOG: globals.verbose ? "debug" : settings.log,
    },
  });
  let problem = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    // Log lines go on to our own stderr; progress is dropped, and the closing problem is told by us.
    if (line.startsWith('{"level"')) process.stderr.write(`${line}\n`);
    else problem = problemIn(line) ?? problem;
  });
  const ended = new Promise<{ exit: number; problem: string }>((resolve) => {
    child.on("error", (error) => resolve({ exit: 5, problem: error.message }));
    child.on("close", (code) => resolve({ exit: code ?? 5, problem }));
  });
  return { ended, end: () => void child.kill("SIGTERM"), kill: () => void child.kill("SIGKILL") };
}

function problemIn(line: string): string | null {
  if (!line.startsWith('{"code"')) return null;
  try {
    const { message, hint } = JSON.parse(line) as { message?: string; hint?: string };
    return [message, hint].filter(Boolean).join(" ");
  } catch {
    return null;
  }
}
