import { readFileSync } from "node:fs";

import { createIo, runCli, type Globals, type World } from "../cli/index.ts";
import { scrub, type Log } from "../domain/index.ts";
import { readSettings, type Settings } from "./config.ts";
import { deferredLog } from "./deferred-log.ts";

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  const { argv, env, stdin, stdout, stderr } = process;
  const io = createIo({ stdin, stdout, stderr, env });
  // Node would print what nobody caught with all that it holds, and write it into a report where those are switched on.
  process.on("uncaughtException", (thrown: unknown) => {
    io.err(`bursar: ${scrub(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))}\n`);
    process.exit(LOCAL_FAULT);
  });
  const ending = new AbortController();
  listenForEnd(ending);
  const version = packageVersion();

  const settingsOf = (globals: Globals): Settings =>
    readSettings({ flags: globals.settings, env, cwd: process.cwd(), isolated: globals.isolated ?? false });
  const logOf = async (globals: Globals, settings: Settings): Promise<Log> => {
    const level = globals.verbose && !["debug", "trace"].includes(settings.log) ? "debug" : settings.log;
    const { createLog } = await import("./log.ts");
    return createLog(level, stderr);
  };
  const note = (globals: Globals) => (text: string) => {
    if (!globals.json) io.err(`bursar: ${text}\n`);
  };

  const world: World = {
    io,
    version,
    dataPlace(globals) {
      const { data, databaseUrl } = settingsOf(globals);
      return { dataDir: data, isEmbedded: databaseUrl === null };
    },
    async open(globals, mode) {
      const settings = settingsOf(globals);
      const { openSession } = await import("./compose.ts");
      return openSession({
        settings,
        mode,
        tenant: globals.tenant,
        principal: "cli",
        env,
        version,
        log: await logOf(globals, settings),
        note: note(globals),
        signal: ending.signal,
      });
    },
    async serve(globals, options) {
      const settings = settingsOf(globals);
      const { serve } = await import("./daemon.ts");
      await serve({
        settings,
        globals,
        options,
        env,
        version,
        log: await logOf(globals, settings),
        note: note(globals),
      });
    },
    async witness(globals, options) {
      const { listen, ...settings } = settingsOf(globals);
      const { serveWitness } = await import("./serve-witness.ts");
      // Beside a server of one's own it must listen elsewhere; the environment's address is that server's.
      const place = globals.settings.listen === undefined ? WITNESS_LISTEN : listen;
      await serveWitness(options, place, await logOf(globals, { ...settings, listen }));
    },
    async mcp(globals, signal) {
      const settings = settingsOf(globals);
      const { serveMcp } = await import("./mcp-session.ts");
      // Most lists are given without a word to log.
      const log = deferredLog(() => logOf(globals, settings));
      await serveMcp({ settings, globals, env, version, signal, stdin, stdout, log });
    },
  };
  process.exitCode = await runCli(argv.slice(2), world, ending.signal);
}

const WITNESS_LISTEN = { host: "127.0.0.1", port: 7879 };
const LONGEST_END_MS = 4_500;
const PARTIAL = 3;
const LOCAL_FAULT = 5;

/** The first signal asks for a tidy end, the second one insists. */
function listenForEnd(ending: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
      ending.abort(new Error(signal));
      // Whatever is still under way then is undone by the database: every window is one transaction.
      setTimeout(() => process.exit(PARTIAL), LONGEST_END_MS).unref();
    });
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
