import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { linkAddress } from "../../src/access/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { emulatorOf } from "../../src/cli/start-emulator.ts";
import { hear, start, stop } from "../e2e/program.ts";
import { onceARun } from "../support/once-a-run.ts";
import { folderFor, startServer } from "./server.ts";

export interface DemoServer {
  readonly url: string;
  /** Signs in an administrator who may see individuals. Works once. */
  readonly link: string;
  /** The organization that it asks. */
  readonly emulator: Emulator;
  /** The data folder. */
  readonly data: string;
  close(): Promise<void>;
}

/** Beside the record: what signs its administrator in. */
const TOKEN = "sign-in-token";

interface DemoOptions {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
  /** Whether the operator allows changes of the organization. */
  readonly writes: boolean;
}

/** The link in a record works for an hour. */
const RECORD_LIFE_MS = 1_800_000;

/**
 * The built program with an invented organization behind it, as `npm run demo` shows it. Servers of one size begin with
 * copies of one record.
 */
export async function startDemo(options: Partial<DemoOptions> = {}): Promise<DemoServer> {
  const { people = 20, days = 45, seed = 1, writes = false } = options;
  const size = { people, days, seed };
  const emulator = await emulatorOf(size);
  const folder = await folderFor(emulator, writes ? { BURSAR_ALLOW_WRITES: "1" } : {});
  const age = Math.floor(Date.now() / RECORD_LIFE_MS);
  const shared = await onceARun(`demo-${people}-${days}-${seed}-${age}`, (made) => makeRecord(size, made));
  await (shared === null ? makeRecord(size, folder.data) : cp(shared, folder.data, { recursive: true }));
  const token = await readFile(join(folder.data, TOKEN), "utf8");
  const { url, close } = await startServer(folder, emulator);
  return { url, link: linkAddress(url, token), emulator, data: folder.data, close };
}

/** Lets the demo read its organization into a new folder, and ends it once it serves. */
async function makeRecord({ people, days, seed }: Omit<DemoOptions, "writes">, data: string): Promise<void> {
  const size = ["--people", `${people}`, "--days", `${days}`, "--seed", `${seed}`];
  const child = start(["demo", ...size, "--data", data], { cwd: "/" });
  const token = await hear(child).until(/open http:\S+#link=([\w-]+)\s/);
  await stop(child);
  await writeFile(join(data, TOKEN), token);
}
