import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ensurePostgres, isRoot } from "./postgres-binaries.ts";

/** A PostgreSQL server for one run of the tests: on loopback, in a temporary folder, gone afterwards. */
export interface Postgres {
  /** Connects as a superuser; tests make their own databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root, so root lends it one of these users. */
const USERS = ["postgres", "nobody"];
const START_SECONDS = 60;

/**
 * Starts a server on a free port, without durability: it is thrown away anyway.
 *
 * @throws Error that says what to do, when there is no server to start.
 */
export async function startPostgres(say: (line: string) => void): Promise<Postgres> {
  const bin = await ensurePostgres(say);
  const user = isRoot() ? userOf(USERS) : {};
  const folder = mkdtempSync(join(reachableTemp(), "bursar-postgres-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
  const data = join(folder, "data");
  // The tests' text is UTF-8 and their order is by byte, whatever this machine's language is.
  const env = { ...process.env, LC_ALL: "C", LANG: "C", HOME: folder };
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "bursar", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...user, cwd: folder, env, encoding: "utf8" },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
  }
  // The port is free when asked for and can be taken a moment later: try another one then.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];
    const args = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", "", ...options.flatMap((o) => ["-c", o])];
    const server = spawn(join(bin, "postgres"), args, { ...user, cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const problem = await untilReady(server);
    if (problem === null) return running(server, folder, port);
    server.kill("SIGKILL");
    if (attempt === 3) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`postgres did not start: ${problem}`);
    }
  }
}

function running(server: ChildProcess, folder: string, port: number): Postgres {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const lastResort = () => {
    server.kill("SIGKILL");
    remove();
  };
  process.once("exit", lastResort);
  return {
    url: `postgres://bursar@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off("exit", lastResort);
      const ended = new Promise((resolve) => void server.once("close", resolve));
      // SIGINT is PostgreSQL's fast shutdown: clients are cut off, nothing is waited for.
      if (server.exitCode === null && server.signalCode === null && server.kill("SIGINT")) await ended;
      remove();
    },
  };
}

/** Null when the server takes connections, else what it said. Keeps reading afterwards, or the pipe would fill. */
function untilReady(server: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let said = "";
    const timer = setTimeout(() => resolve(`no answer in ${START_SECONDS} s: ${said}`), START_SECONDS * 1000);
    const end = (problem: string | null) => {
      clearTimeout(timer);
      resolve(problem);
    };
    server.stdout?.resume();
    server.stderr?.on("data", (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (said.includes("ready to accept connections")) end(null);
    });
    server.on("error", (error) => end(error.message));
    server.on("exit", () => end(said.trim().slice(-500)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

function userOf(names: readonly string[]): { uid?: number; gid?: number } {
  const entries = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of names) {
    const [, , uid, gid] = entries.find((entry) => entry.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL does not run as root, and there is no user ${names.join(" or ")} to run it as.`);
}

/** A temporary folder that another user can walk into: TMPDIR may lie below a folder of root's own. */
function reachableTemp(): string {
  const open = (path: string): boolean =>
    (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || open(dirname(path)));
  return !isRoot() || open(tmpdir()) ? tmpdir() : "/tmp";
}
