import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { Globals } from "../cli/index.ts";
import type { Json } from "../domain/index.ts";
import type { SyncOrder } from "../operations/index.ts";
import type { Settings } from "./config.ts";

export interface SyncProcess {
  readonly ended: Promise<{ readonly exit: number; readonly problem: string }>;
  /** Asks it to finish its window. */
  end(): void;
  kill(): void;
}

/** How the server itself was started. */
export interface SyncStart {
  readonly settings: Settings;
  readonly globals: Globals;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PROGRAM = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

/**
 * Starts `bursar sync` or `bursar backfill` of a tenant. Settings go by the environment: a command line can be read by
 * every user.
 */
export function runSyncProcess(
  { settings, env, globals }: SyncStart,
  tenant: string,
  order: SyncOrder,
  onProgress: (progress: Json) => void,
): SyncProcess {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, ...argumentsOf(order, tenant)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...env,
      BURSAR_DATA: settings.data,
      BURSAR_DATABASE_URL: settings.databaseUrl ?? "",
      BURSAR_KEK_FILE: settings.kekFile ?? "",
      BURSAR_UPSTREAM: settings.upstream.isChosen ? settings.upstream.url : "",
      BURSAR_LOG: globals.verbose ? "debug" : settings.log,
      BURSAR_PROGRESS: "json",
    },
  });
  // A page that somebody waits for goes first; a machine without priorities does without.
  child.once("spawn", () => {
    try {
      setPriority(child.pid ?? 0, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // Nothing depends on it.
    }
  });
  let problem = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    const told = read(line);
    // Log lines go on to our own stderr; the closing problem is told by us.
    if ("level" in told) process.stderr.write(`${line}\n`);
    else if ("progress" in told) onProgress(told["progress"] as Json);
    else if ("code" in told) problem = [told["message"], told["hint"]].filter(Boolean).join(" ");
  });
  const ended = new Promise<{ exit: number; problem: string }>((resolve) => {
    child.on("error", (error) => resolve({ exit: 5, problem: error.message }));
    child.on("close", (code) => resolve({ exit: code ?? 5, problem }));
  });
  return { ended, end: () => void child.kill("SIGTERM"), kill: () => void child.kill("SIGKILL") };
}

/** With `=`: a value that begins with a dash is a value still. */
function argumentsOf({ what, connection, streams, from }: SyncOrder, tenant: string): string[] {
  const range = what === "backfill" && from !== undefined ? [from === "all" ? "--all" : `--from=${from}`] : [];
  return [
    what,
    "--json",
    `--tenant=${tenant}`,
    ...(connection === undefined ? [] : [`--name=${connection}`]),
    ...(streams ?? []).map((stream) => `--stream=${stream}`),
    ...range,
  ];
}

function read(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith("{")) return {};
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
