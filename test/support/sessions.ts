import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readSettings } from "../../src/app/config.ts";
import { silentLog, type Log } from "../../src/domain/index.ts";
import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import type { OperationContext } from "../../src/operations/index.ts";
import { readLeaves } from "../../src/store/index.ts";
import { createKekFile } from "../../src/vault/index.ts";
import { testRandom } from "./bursar.ts";
import { openTestSession } from "./opened.ts";

export interface TestSessions {
  readonly folder: string;
  /** A place beside it, gone with the test. */
  beside(name: string): string;
  /** The record of the folder, or of another one, as the program opens it; closed with the test. */
  open(folder?: string, tenant?: string): Promise<OperationContext>;
  /** An organization of its own, a few people for three days. */
  emulator(seed: number): Promise<Emulator>;
}

export interface SessionOptions {
  /** A PostgreSQL database; SQLite in the folder unless told. Its key-encryption key is `kek` in the folder all the same. */
  readonly databaseUrl?: string;
  readonly log?: Log;
}

/** Everything real but the terminal: for what operations do together with the vault and the ledger. */
export async function withSessions(
  use: (sessions: TestSessions) => Promise<void>,
  { databaseUrl, log = silentLog }: SessionOptions = {},
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "bursar-operations-"));
  const folder = join(root, "data");
  const database: { databaseUrl?: string } = databaseUrl === undefined ? {} : { databaseUrl };
  if (databaseUrl !== undefined) {
    await mkdir(folder);
    createKekFile(join(folder, "kek"), testRandom);
  }
  const closing: (() => Promise<void>)[] = [() => rm(root, { recursive: true, force: true })];
  try {
    await use({
      folder,
      beside: (name) => join(root, name),
      open: async (data = folder, tenant) => {
        const session = await openTestSession({
          settings: readSettings({ flags: { data, ...database }, env: {}, cwd: root }),
          log,
          tenant,
        });
        closing.push(() => session.close());
        return session.context;
      },
      emulator: async (seed) => {
        const world = { seed, people: 4, days: 3, end: "2026-10-31", scale: 1 };
        const emulator = await startEmulator({ world });
        closing.push(() => emulator.close());
        return emulator;
      },
    });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** Our own security events in the ledger, in order. */
export async function auditEvents({ store, scope }: OperationContext): Promise<string[]> {
  const leaves = await store.read((tx) => readLeaves(tx, scope, 0, 1_000_000));
  return leaves.flatMap(({ payload }) => {
    const said = JSON.parse(payload ?? "{}") as { event?: string };
    return said.event === undefined ? [] : [said.event];
  });
}
