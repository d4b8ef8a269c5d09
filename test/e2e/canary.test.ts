import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, expect, it } from "vitest";

import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { ended, start, temporaryFolder } from "./program.ts";

// Distinctive, and a shape that only the vault should ever hold.
const CANARY = "sk-ant-admin01-TEST-CANARYq7Wz3Kp9Vx5Ln1Rt8Bm4Yc6";
const SPELLINGS = [
  CANARY,
  CANARY.slice(20),
  Buffer.from(CANARY).toString("base64").slice(0, 40),
  Buffer.from(CANARY).toString("hex"),
  encodeURIComponent(CANARY),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
const said: string[] = [];
/** Names of files that were looked into and held something, and of those that held the key. */
const searched = new Set<string>();
const telling = new Set<string>();

/** Looks for the key in every file as it stands now. */
async function search(): Promise<void> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  for (const file of entries.filter((entry) => entry.isFile())) {
    // A journal may go while we look.
    const text = await readFile(join(file.parentPath, file.name), "latin1").catch(() => "");
    if (text !== "") searched.add(file.name);
    if (SPELLINGS.some((spelling) => text.includes(spelling))) telling.add(file.name);
  }
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const world = createWorld({ seed: 5, people: 4, days: 3, end: "2026-10-31", scale: 1 });
  emulator = await startEmulator({ world, keys: { admin: CANARY }, latencyMs: 5 });
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

/** Runs a command at the most talkative level, looking at its command line, environment and files while it works. */
async function talk(args: readonly string[], input = ""): Promise<number | null> {
  const child = start([...args, "--verbose"], {
    cwd: folder.path,
    env: { BURSAR_UPSTREAM: emulator.url, BURSAR_LOG: "trace" },
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const end = ended(child);
  for (const name of ["cmdline", "environ"]) {
    said.push(await readFile(`/proc/${child.pid}/${name}`, "latin1").catch(() => ""));
  }
  while (child.exitCode === null && child.signalCode === null) {
    await search();
    await sleep(20);
  }
  const { code, out, err } = await end;
  said.push(out, err);
  return code;
}

it("a key is found nowhere: not in the database, its journal, the log, the output or the process list", async () => {
  expect(await talk(["connect"], CANARY)).toBe(0);
  expect(await talk(["backfill", "--all"])).toBe(0);
  expect(await talk(["probe"])).toBe(0);
  expect(await talk(["status", "--json"])).toBe(0);
  expect(await talk(["ledger", "export", "ledger"])).toBe(0);
  emulator.revoke(CANARY);
  expect(await talk(["sync"])).toBe(4);

  // The log did talk: a canary that nobody could have sung proves nothing.
  expect(said.join("\n")).toContain('"upstream.request"');
  await search();
  expect([...searched]).toEqual(expect.arrayContaining(["bursar.db", "bursar.db-wal"]));
  expect([...telling]).toEqual([]);
  for (const spelling of SPELLINGS) expect(said.filter((text) => text.includes(spelling))).toEqual([]);
});
