import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("ots-calendar.py", import.meta.url));
// Debian's own: another one on the path does not see Debian's packages.
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** Why there is no OpenTimestamps of somebody else's to test against, or null. */
export function openTimestampsMissing(): string | null {
  const { status } = spawnSync(PYTHON, ["-c", "import opentimestamps, bitcoin"]);
  return status === 0 ? null : "python3-opentimestamps is not installed (apt-get install python3-opentimestamps)";
}

export interface Calendar {
  readonly url: string;
  /** Puts what was sent so far into a block, and gives its height. */
  mine(): Promise<number>;
  /** The header of a block, hex. */
  header(height: number): Promise<string>;
  close(): Promise<void>;
}

/** A calendar with a Bitcoin of its own, by Python's library. */
export async function startCalendar(): Promise<Calendar> {
  const child = spawn(PYTHON, [SCRIPT, "serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  // A test that fails before it closes this one ends all the same.
  lines.close();
  child.stdout.destroy();
  child.unref();
  const get = async (path: string, method = "GET") => (await fetch(`${line}${path}`, { method })).text();
  return {
    url: line,
    mine: async () => Number(await get("/mine", "POST")),
    header: async (height) => get(`/block/${await get(`/block-height/${height}`)}/header`),
    close: async () => {
      const closed = once(child, "close");
      child.kill();
      await closed;
    },
  };
}

/** What Python's library says of a proof over this data, a line each; rejects when it refuses it. */
export async function readByLibrary(proof: Uint8Array, data: Uint8Array | string, header?: string): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), "bursar-ots-"));
  try {
    await writeFile(join(dir, "proof.ots"), proof);
    await writeFile(join(dir, "data"), data);
    const more = header === undefined ? [] : [header];
    const { stdout } = await run(PYTHON, [SCRIPT, "verify", join(dir, "proof.ots"), join(dir, "data"), ...more]);
    return stdout.trim().split("\n");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
