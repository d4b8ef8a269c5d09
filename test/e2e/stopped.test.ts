import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { startEmulator } from "../../src/emulator/index.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { stateDigest } from "../../src/sync/index.ts";
import { expectAsIfNothing, syncExit, withStruckRecord } from "../support/struck-record.ts";
import { startGate } from "./gate.ts";
import { ended, run, start, temporaryFolder } from "./program.ts";

const isFull = process.env["BURSAR_FULL"] !== undefined;

describe("SIGTERM during a sync (F77)", () => {
  // After so many answers upstream says nothing more: only the signal can end the sync.
  it.each(isFull ? [1, 2, 3, 5, 8, 12, 16, 20, 24, 28] : [3, 16])(
    "ends within five seconds, after %i answers, and the next one goes on",
    (answers) =>
      withStruckRecord(async ({ context, folder, world, open }) => {
        await context.store.close();
        const gate = await startGate(world.url, answers);
        const child = start(["sync", "--json"], {
          cwd: folder,
          env: { BURSAR_DATA: folder, BURSAR_UPSTREAM: gate.url },
        });
        child.stdin.end();
        const end = ended(child);
        await expect.poll(() => gate.keys.length, { interval: 5 }).toBeGreaterThan(answers);
        child.kill("SIGTERM");
        // Whoever is not gone by then is killed, and then has no exit code.
        const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
        const { code, err } = await end;
        clearTimeout(late);
        expect([0, 3], err).toContain(code);
        gate.open();
        await gate.close();
        await expectAsIfNothing(await open());
      }),
    300_000,
  );
});

describe("an organization a hundred times the usual (F78)", () => {
  const people = isFull ? 2_000 : 150;

  it(`holds less than 512 MB (${people} people)`, async () => {
    const folder = await temporaryFolder();
    const emulator = await startEmulator({ world: { seed: 9, people, days: 3, end: "2026-10-31", scale: 1 } });
    const where = { cwd: folder.path, env: { BURSAR_UPSTREAM: emulator.url } };
    const connected = await run(["connect", "--from", "2026-10-29"], { ...where, input: emulator.keys.admin });
    expect(connected.code).toBe(0);
    const child = start(["sync", "--json"], where);
    child.stdin.end();
    const end = ended(child);
    let mostKb = 0;
    while (child.exitCode === null && child.signalCode === null) {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
      mostKb = Math.max(mostKb, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
      await sleep(20);
    }
    const { code, err } = await end;
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    expect(mostKb).toBeGreaterThan(0);
    expect(mostKb).toBeLessThan(512 * 1024);
    await emulator.close();
    await folder.remove();
  }, 600_000);
});

describe("questions (F79)", () => {
  it("are answered while a sync writes, each from one snapshot", () =>
    withStruckRecord(async ({ context, open }) => {
      const reader = await open();
      const before = await stateDigest(reader.store, reader.scope, reader.streams);
      const syncing = { isDone: false };
      const sync = syncExit(context).finally(() => (syncing.isDone = true));
      let answered = 0;
      while (!syncing.isDone) {
        const report = await runOperation(reader, await catalog.report(), { metric: "cost" });
        expect(report.rows.length).toBeGreaterThan(0);
        answered += 1;
        await sleep(1);
      }
      expect((await sync).exit).toBe(0);
      expect(answered).toBeGreaterThan(0);
      expect(await stateDigest(reader.store, reader.scope, reader.streams)).not.toBe(before);
    }));
});
