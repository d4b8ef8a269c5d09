import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { drawing, type Draw } from "../support/drawing.ts";
import { ended, run, start, temporaryFolder, type Ended } from "./program.ts";

const WORLD = { seed: 21, people: 8, days: 40, end: "2026-10-31", scale: 1 };

/** Kills in a row in one data folder: each is followed by a resume that is killed again. */
const IN_A_ROW = 5;
/** A fixed sample in `check`; two hundred kills in `check:full`. */
const FOLDERS = process.env["BURSAR_FULL"] ? 40 : 2;
const FROM = "2026-09-22";
const BACKFILL = ["backfill", "--from", FROM, "--json"];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let undisturbed: { readonly digest: string; readonly requests: number; readonly took: number };

const bursar = (data: string, args: readonly string[], input = ""): Promise<Ended> =>
  run(args, { cwd: folder.path, input, env: environment(data) });
const environment = (data: string) => ({ BURSAR_UPSTREAM: emulator.url, BURSAR_DATA: join(folder.path, data) });

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: WORLD });
  expect((await bursar("connected", ["connect", "--from", FROM], emulator.keys.admin)).code).toBe(0);
  await copyOfConnected("undisturbed");
  const before = emulator.requests.length;
  const begun = performance.now();
  expect((await bursar("undisturbed", BACKFILL)).code).toBe(0);
  const took = performance.now() - begun;
  undisturbed = { digest: await digestOf("undisturbed"), requests: emulator.requests.length - before, took };
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

describe("a back-fill killed by SIGKILL", () => {
  it.each(Array.from({ length: FOLDERS }, (_, i) => i + 1))(
    `goes on at once and ends in the undisturbed state (${IN_A_ROW} kills, seed %i)`,
    async (seed) => {
      const data = `killed-${seed}`;
      await copyOfConnected(data);
      const draw = drawing(seed);
      for (let kills = 0; kills < IN_A_ROW;) {
        const death = await killedBackfill(data, draw);
        // It may be done before its moment comes. Nothing else: a lease still held would end the next one with exit 5.
        expect(["SIGKILL", "exit 0"]).toContain(death);
        if (death === "SIGKILL") kills += 1;
      }

      const last = await bursar(data, BACKFILL);
      expect({ code: last.code, err: last.code === 0 ? "" : last.err }).toEqual({ code: 0, err: "" });
      expect(await digestOf(data)).toBe(undisturbed.digest);
      await expectLedgerVerifies(data);
    },
  );
});

async function copyOfConnected(data: string): Promise<void> {
  await cp(join(folder.path, "connected"), join(folder.path, data), { recursive: true });
}

async function digestOf(data: string): Promise<string> {
  const { out } = await bursar(data, ["doctor", "--digest", "--json"]);
  return (JSON.parse(out) as { digest: string }).digest;
}

async function expectLedgerVerifies(data: string): Promise<void> {
  const live = await bursar(data, ["verify", "--json"]);
  expect(JSON.parse(live.out)).toMatchObject({ ok: true, of: "live", failures: [] });
  const dir = join(folder.path, `${data}-ledger`);
  expect((await bursar(data, ["ledger", "export", dir])).code).toBe(0);
  const exported = await run(["verify", dir, "--json"], { cwd: "/" });
  expect(JSON.parse(exported.out)).toMatchObject({ ok: true, of: "folder", failures: [] });
}

/** Starts a back-fill and kills it at a drawn moment. Gives the signal that it died of, else what it said. */
async function killedBackfill(data: string, draw: Draw): Promise<string> {
  const child = start(BACKFILL, { cwd: folder.path, env: environment(data) });
  child.stdin.end();
  const died = once(child, "exit") as Promise<[number | null, string | null]>;
  const end = ended(child);
  await Promise.race([momentToKill(draw, child.stderr), died]);
  child.kill("SIGKILL");
  const [, signal] = await died;
  const { code, err } = await end;
  return signal ?? (code === 0 ? "exit 0" : `exit ${code}: ${err}`);
}

/** Some time after the start, some time after some request, or as soon as a whole stream is told to be done. */
async function momentToKill(draw: Draw, stderr: NodeJS.ReadableStream): Promise<void> {
  const kind = draw(4);
  if (kind === 0) return sleep((undisturbed.took * draw(90)) / 100);
  if (kind === 1) return told(stderr, draw(12) + 1);
  const wanted = emulator.requests.length + 1 + draw(Math.ceil(undisturbed.requests / 3));
  while (emulator.requests.length < wanted) await sleep(1);
  await sleep(draw(40));
}

function told(stderr: NodeJS.ReadableStream, lines: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    stderr.on("data", (text: string) => {
      seen += text.split(" done,").length - 1;
      if (seen >= lines) resolve();
    });
  });
}
