import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { isFailure, type FailureCode } from "../../src/domain/index.ts";
import { catalog, runOperation, runWithoutRecord, type OperationContext } from "../../src/operations/index.ts";
import { connectTo, everythingSaid, exportTo, syncMain } from "../support/rolled-back.ts";
import { auditEvents, withSessions, type TestSessions } from "../support/sessions.ts";

const backUp = async (context: OperationContext, dir: string, withKek = false) =>
  runOperation(context, await catalog.backup(), { dir, withKek });
const restore = async (from: string, to: string, checkpoint?: string) =>
  runWithoutRecord(await catalog.restoreBackup(), { from, to, checkpoint });
const verified = async (context: OperationContext) => runOperation(context, await catalog.verify(), {});
const look = async (context: OperationContext) => runOperation(context, await catalog.restored(), {});
const failing = (code: FailureCode) => (thrown: unknown) => isFailure(thrown, code);

async function synced({ open, emulator }: TestSessions) {
  const context = await open();
  const world = await emulator(3);
  await connectTo(context, world);
  await syncMain(context, "2026-10-29");
  return { context, world };
}

/** A record that was synced once. */
function withRecord(
  use: (sessions: TestSessions & Awaited<ReturnType<typeof synced>>) => Promise<void>,
): Promise<void> {
  return withSessions(async (sessions) => use({ ...sessions, ...(await synced(sessions)) }));
}

describe("a backup", () => {
  it("is the record of one moment, without its key-encryption key, and goes on where it was", () =>
    withRecord(async ({ folder, open, context, beside: dir }) => {
      const whole = await everythingSaid(context);
      const done = await backUp(context, dir("backup"));
      expect(done).toMatchObject({ withKek: false, tenants: [{ name: "default" }] });
      expect((await readdir(dir("backup"))).toSorted()).toEqual(["backup.json", "bursar.db", "checkpoints"]);
      expect((await stat(dir("backup"))).mode & 0o777).toBe(0o700);
      expect(await auditEvents(context)).toContain("backup.made");
      await context.store.close();

      expect(await restore(dir("backup"), dir("new"))).toMatchObject({ hasKek: false, kekFile: join(folder, "kek") });
      await cp(join(folder, "kek"), join(dir("new"), "kek"));
      const restored = await open(dir("new"));
      expect(await look(restored)).toEqual({ trouble: null, erased: 0, forgotten: 0 });
      expect(await everythingSaid(restored)).toEqual(whole);
      await syncMain(restored);
      expect(await verified(restored)).toMatchObject({ ok: true });
    }));

  it("takes the key-encryption key along when that is asked, readable by its owner alone", () =>
    withRecord(async ({ open, context, beside: dir }) => {
      await backUp(context, dir("backup"), true);
      expect((await stat(join(dir("backup"), "kek"))).mode & 0o777).toBe(0o600);
      await restore(dir("backup"), dir("new"));
      const restored = await open(dir("new"));
      expect(restored.keyring.lockedBy).toBe(null);
      await syncMain(restored);
    }));

  it("can be made while a sync writes, and each is sound", () =>
    withRecord(async ({ open, context, world, beside: dir }) => {
      world.clock.advance(3_600_000);
      world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: 2 });
      let made = 0;
      const syncing = { isDone: false };
      const sync = syncMain(context).finally(() => (syncing.isDone = true));
      while (!syncing.isDone && made < 5) await backUp(context, dir(`during-${made++}`));
      await sync;
      expect(made).toBeGreaterThan(0);
      for (let at = 0; at < made; at += 1) {
        await restore(dir(`during-${at}`), dir(`restored-${at}`));
        const restored = await open(dir(`restored-${at}`));
        expect((await look(restored)).trouble).toBe(null);
        expect(await verified(restored)).toMatchObject({ ok: true, failures: [] });
      }
    }));

  it("goes into a new folder only", () =>
    withRecord(async ({ context, beside: dir }) => {
      await mkdir(dir("used"));
      await writeFile(join(dir("used"), "something"), "");
      await expect(backUp(context, dir("used"))).rejects.toSatisfy(failing("input.folder_not_empty"));
      expect(await readdir(dir("used"))).toEqual(["something"]);
    }));
});

describe("a restored backup of yesterday", () => {
  it("is found by a checkpoint of today, and completed from an export", () =>
    withRecord(async ({ open, folder, context, world, beside: dir }) => {
      await backUp(context, dir("backup"), true);
      world.clock.advance(3_600_000);
      await syncMain(context);
      await exportTo(context, dir("export"));
      const whole = await everythingSaid(context);
      const today = (await context.unguarded.signer.lastKept())!;
      await context.store.close();

      await restore(dir("backup"), dir("told"), today);
      const told = await open(dir("told"));
      expect((await look(told)).trouble).toMatchObject({ kind: "behind" });
      await expect(syncMain(told)).rejects.toSatisfy(failing("ledger.rolled_back"));
      await runOperation(told, await catalog.recoverLedger(), { from: dir("export") });
      expect(await everythingSaid(told)).toEqual(whole);

      // Nobody knew of the checkpoint: nothing is appended by restoring, so that the export still fits.
      await restore(dir("backup"), dir("untold"));
      const untold = await open(dir("untold"));
      expect((await look(untold)).trouble).toBe(null);
      await runOperation(untold, await catalog.recoverLedger(), { from: dir("export") });
      expect(await everythingSaid(untold)).toEqual(whole);

      // The folder kept its own checkpoint, which is newer: it stays.
      for (const name of await readdir(folder)) {
        if (name.startsWith("bursar.db")) await rm(join(folder, name));
      }
      await restore(dir("backup"), folder);
      const own = await open(folder);
      expect((await look(own)).trouble).toMatchObject({ kind: "behind" });
      expect(await own.unguarded.signer.lastKept()).toBe(today);
    }));
});

describe("what is no backup, and where none may go", () => {
  it("is refused before anything is written", () =>
    withRecord(async ({ folder, context, beside: dir }) => {
      await backUp(context, dir("good"));
      await context.store.close();
      const wrong: [string, (path: string) => Promise<unknown>, FailureCode][] = [
        ["without-facts", (path) => rm(join(path, "backup.json")), "backup.unreadable"],
        ["without-database", (path) => rm(join(path, "bursar.db")), "backup.unreadable"],
        ["with-more", (path) => writeFile(join(path, "more"), ""), "backup.unreadable"],
        ["damaged", (path) => flipByte(join(path, "bursar.db"), 20_000), "backup.unreadable"],
        ["cut", (path) => cut(join(path, "bursar.db")), "backup.unreadable"],
        ["other-checkpoint", (path) => writeFile(join(path, "checkpoints/default"), "x"), "backup.unreadable"],
        ["facts-as-pipe", (path) => asPipe(join(path, "backup.json")), "backup.unreadable"],
        ["database-as-pipe", (path) => asPipe(join(path, "bursar.db")), "backup.unreadable"],
        [
          "database-as-link",
          (path) => asLink(join(path, "bursar.db"), join(dir("good"), "bursar.db")),
          "backup.unreadable",
        ],
        ["with-trigger", withTrigger, "backup.unreadable"],
        ["another-format", (path) => writeFile(join(path, "backup.json"), `{"format":"other/1"}`), "backup.unreadable"],
      ];
      for (const [name, spoil, code] of wrong) {
        await cp(dir("good"), dir(name), { recursive: true });
        await spoil(dir(name));
        await expect(restore(dir(name), dir("target")), name).rejects.toSatisfy(failing(code));
        await expect(stat(dir("target")), name).rejects.toThrow("ENOENT");
      }
      await expect(restore(dir("good"), folder)).rejects.toSatisfy(failing("backup.folder_in_use"));
      await expect(restore(dir("good"), dir("target"), "no checkpoint")).rejects.toSatisfy(failing("input.invalid"));
      await expect(restore(dir("absent"), dir("target"))).rejects.toSatisfy(failing("backup.unreadable"));
    }));
});

async function flipByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}

async function asPipe(path: string): Promise<void> {
  await rm(path);
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
}

async function asLink(path: string, to: string): Promise<void> {
  await rm(path);
  await symlink(to, path);
}

/** By somebody who knows how a backup is written, and wants a say in the record that it becomes. */
async function withTrigger(path: string): Promise<void> {
  const database = new DatabaseSync(join(path, "bursar.db"));
  database.exec("create trigger evil after insert on leaves begin delete from coverage; end");
  database.close();
  const { size } = await stat(join(path, "bursar.db"));
  const sha256 = hash("sha256", await readFile(join(path, "bursar.db")));
  const facts = JSON.parse(await readFile(join(path, "backup.json"), "utf8")) as { files: { name: string }[] };
  const files = facts.files.map((file) => (file.name === "bursar.db" ? { ...file, bytes: size, sha256 } : file));
  await writeFile(join(path, "backup.json"), JSON.stringify({ ...facts, files }));
}

async function cut(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length / 2));
}
