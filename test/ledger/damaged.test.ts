import { cp, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { verifyExport } from "../../src/ledger/index.ts";
import { readBackup } from "../../src/operations/backup-folder.ts";
import { damagedTables } from "../../src/store/index.ts";
import { countSteps, runKilled, runProgram, stepsToKill, type ProcessEnd } from "../support/processes.ts";

let folder = "";
let emulator: Emulator;
let pages: Readonly<Record<string, number>> = {};
const PAGE_BYTES = 4_096;

const at = (data: string) => ({
  cwd: folder,
  env: { BURSAR_DATA: join(folder, data), BURSAR_UPSTREAM: emulator.url },
});
const bursar = (data: string, ...args: string[]): Promise<ProcessEnd> => runProgram(args, at(data));
const database = (data: string) => join(folder, data, "bursar.db");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-damaged-"));
  emulator = await startEmulator({ world: { seed: 5, people: 3, days: 2, end: "2026-10-31", scale: 1 } });
  const key = join(folder, "key");
  await writeFile(key, emulator.keys.admin, { mode: 0o600 });
  for (const args of [["connect", "--key-file", key, "--from", "2026-10-30"], ["sync"]]) {
    expect(await bursar("clean", ...args)).toMatchObject({ code: 0 });
  }
  const open = new DatabaseSync(database("clean"), { readOnly: true });
  const roots = open.prepare("select name, rootpage from sqlite_schema where type = 'table'").all();
  open.close();
  pages = Object.fromEntries(roots.map(({ name, rootpage }) => [String(name), Number(rootpage)]));
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

async function copy(data: string): Promise<string> {
  await rm(join(folder, data), { recursive: true, force: true });
  await cp(join(folder, "clean"), join(folder, data), { recursive: true });
  return data;
}

/** Writes over a page what a failing disk might leave there. */
async function spoil(data: string, page: number, from = 0): Promise<void> {
  const file = await open(database(data), "r+");
  await file.write(Buffer.alloc(PAGE_BYTES - from, 0xa5), 0, PAGE_BYTES - from, (page - 1) * PAGE_BYTES + from);
  await file.close();
}

describe("a damaged database (F75)", () => {
  it.each(["leaves", "cost_lines", "record_versions", "settings", "coverage", "accounts"])(
    "names the table whose page it is: %s",
    async (table) => {
      await copy("spoilt");
      await spoil("spoilt", pages[table]!);
      expect(damagedTables(join(folder, "spoilt")).map((damaged) => damaged.table)).toEqual([table]);
    },
  );

  it("says so when not even the tables can be told, and when the file was cut", async () => {
    await copy("spoilt");
    await spoil("spoilt", 1, 100);
    expect(damagedTables(join(folder, "spoilt"))).toMatchObject([{ table: "sqlite_schema" }]);
    await copy("spoilt");
    const { size } = await stat(database("spoilt"));
    await truncate(database("spoilt"), Math.floor(size / 2 / PAGE_BYTES) * PAGE_BYTES);
    expect(damagedTables(join(folder, "spoilt")).length).toBeGreaterThan(0);
    await writeFile(database("spoilt"), "this was a database once\n".repeat(1_000));
    expect(damagedTables(join(folder, "spoilt"))).toMatchObject([{ table: "sqlite_schema" }]);
  });

  it("ends every command with 5 and a sentence, and the doctor with the table's name", async () => {
    await copy("spoilt");
    await spoil("spoilt", pages["leaves"]!);
    const doctor = await bursar("spoilt", "doctor");
    expect(doctor.code).toBe(5);
    expect(doctor.out).toContain("table leaves: ");
    const sync = await bursar("spoilt", "sync");
    expect(sync.code).toBe(5);
    expect(sync.err).not.toMatch(/\n\s+at /);
    await copy("unreadable");
    await spoil("unreadable", 1, 100);
    // No record can be opened there at all.
    const unreadable = await bursar("unreadable", "doctor");
    expect(unreadable.code).toBe(5);
    expect(unreadable.out).toContain("table sqlite_schema: ");
  });
});

describe("an export and a backup, killed at any of their steps (F87)", () => {
  it.each(["ledger export", "backup"])(
    "%s leaves nothing under the name, or all of it",
    async (command) => {
      await copy("source");
      const target = (turn: number) => join(folder, `${command.replace(" ", "-")}-${turn}`);
      const args = (turn: number) => [...command.split(" "), target(turn)];
      const whole = await countSteps(args(0), at("source"));
      expect({ code: whole.code, err: whole.err }).toEqual({ code: 0, err: "" });
      for (const killAt of stepsToKill(whole.steps, 2)) {
        const { signal } = await runKilled(args(killAt), killAt, at("source"));
        expect(signal).toBe("SIGKILL");
        const made = await stat(target(killAt)).catch(() => null);
        if (made === null) continue;
        // The rename had been made: then everything before it had too.
        if (command === "backup") await readBackup(target(killAt));
        else expect(await verifyExport(target(killAt))).toMatchObject({ ok: true });
      }
    },
    600_000,
  );

  it("a restore leaves no database in the folder, or a whole one", async () => {
    await copy("source");
    expect(await bursar("source", "backup", join(folder, "to-restore"))).toMatchObject({ code: 0 });
    const args = ["restore", join(folder, "to-restore")];
    const whole = await countSteps(args, at("restored-0"));
    expect(whole.code).toBe(0);
    for (const killAt of stepsToKill(whole.steps, 2)) {
      const data = `restored-${killAt}`;
      expect((await runKilled(args, killAt, at(data))).signal).toBe("SIGKILL");
      const isThere = (await stat(database(data)).catch(() => null)) !== null;
      if (!isThere) expect(await bursar(data, ...args)).toMatchObject({ code: 0 });
      expect(damagedTables(join(folder, data))).toEqual([]);
      expect(await readFile(join(folder, data, "checkpoints/default"), "utf8")).toBe(
        await readFile(join(folder, "source/checkpoints/default"), "utf8"),
      );
    }
  }, 600_000);
});
