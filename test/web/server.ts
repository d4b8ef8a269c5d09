import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { Emulator } from "../../src/emulator/index.ts";
import { hear, start, stop, temporaryFolder, type Heard } from "../e2e/program.ts";

export interface TestServer extends Heard {
  readonly url: string;
  /** Ends the program, the emulator behind it, and the folder. */
  close(): Promise<void>;
}

export interface ServedFolder {
  /** Of the test: the data folder lies in it, and it goes with the server. */
  readonly path: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A new folder for a server that asks this emulator, whatever its record says. */
export async function folderFor(emulator: Emulator, env: ServedFolder["env"] = {}): Promise<ServedFolder> {
  const { path } = await temporaryFolder();
  const data = join(path, "data");
  return {
    path,
    data,
    env: { BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0", BURSAR_DATA: data, ...env },
  };
}

/** The built program, serving the folder on a port of the system's choice. */
export async function startServer({ path, env }: ServedFolder, emulator: Emulator): Promise<TestServer> {
  const child = start(["serve"], { cwd: path, env });
  const heard = hear(child);
  const url = await heard.until(/listening on (http:\S+);/);
  return {
    ...heard,
    url,
    async close() {
      await stop(child);
      await emulator.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}
