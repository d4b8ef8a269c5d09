import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { issueLink, linkAddress } from "../access/index.ts";
import { systemClock } from "../domain/index.ts";
import { hasAccounts, type Store } from "../store/index.ts";
import { random } from "./random.ts";
import { makeFolder } from "./data-folder.ts";

export interface SetupOptions {
  readonly store: Store;
  /** Folder of the data, absolute. */
  readonly dataDir: string;
  readonly origin: string;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

const FILE = "setup-link";
const LOOK_EVERY_MS = 5_000;

/**
 * As long as nobody has an account: a link to make the first one, told to whoever started the server and kept in a file
 * that only they can read. Made anew when it has expired; the file goes when it was used.
 */
export async function offerSetup(options: SetupOptions): Promise<void> {
  const { store, dataDir, signal } = options;
  const path = join(dataDir, FILE);
  let expiresMs = 0;
  while (!signal.aborted && !(await store.read((tx) => hasAccounts(tx)))) {
    if (systemClock.now() >= expiresMs) expiresMs = await announce(options, path);
    await systemClock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  }
  rmSync(path, { force: true });
}

async function announce({ store, dataDir, origin, note }: SetupOptions, path: string): Promise<number> {
  const link = await store.write((tx) => issueLink(tx, { clock: systemClock, random }, { purpose: "setup" }));
  const address = linkAddress(origin, link.token);
  makeFolder(dataDir);
  // Made anew, so that its mode is ours whatever was there.
  rmSync(path, { force: true });
  writeFileSync(path, `${address}\n`, { mode: 0o600, flag: "wx" });
  note(`nobody has an account yet; within an hour, open ${address}`);
  return link.expiresMs;
}
