import { cp, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { createKekFile } from "../../src/vault/index.ts";
import { testRandom } from "../support/bursar.ts";
import { newSchema } from "../support/stores.ts";
import { startGate } from "./gate.ts";
import { ended, run, start, temporaryFolder, type Ended } from "./program.ts";

const server = process.env["BURSAR_TEST_POSTGRES"];
const WORLD = { seed: 21, people: 4, days: 6, end: "2026-10-31", scale: 1 };
/** Answers that upstream gives before the blow falls. */
const MOMENTS = process.env["BURSAR_FULL"] ? [1, 2, 3, 5, 8, 11, 14, 17, 20, 24, 28, 32] : [9];
const FROM = "2026-10-26";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let undisturbed = "";

interface Record {
  readonly url: string;
  bursar(args: readonly string[], upstream?: string): Promise<Ended>;
  /** A back-fill that waits for upstream's next answer, for a blow. */
  held(answers: number, blow: (pid: number) => Promise<void> | void): Promise<Ended>;
  drop(): Promise<void>;
}

async function connected(name: string): Promise<Record> {
  const { url: plain, drop } = await newSchema(server!);
  // By its name its sessions are told from those of other tests.
  const named = new URL(plain);
  named.searchParams.set("application_name", `${basename(folder.path)}-${name}`);
  const url = named.href;
  const data = join(folder.path, name);
  await mkdir(data);
  await cp(join(folder.path, "kek"), join(data, "kek"));
  const where = (upstream: string) => ({
    cwd: folder.path,
    env: { BURSAR_DATA: data, BURSAR_DATABASE_URL: url, BURSAR_UPSTREAM: upstream },
  });
  const first = await run(["connect", "--from", FROM], { ...where(emulator.url), input: emulator.keys.admin });
  expect({ code: first.code, err: first.code === 0 ? "" : first.err }).toEqual({ code: 0, err: "" });
  return {
    url,
    drop,
    bursar: (args, upstream = emulator.url) => run(args, where(upstream)),
    held: async (answers, blow) => {
      const gate = await startGate(emulator.url, answers);
      const child = start(["backfill", "--from", FROM, "--json"], where(gate.url));
      child.stdin.end();
      const end = ended(child);
      await expect.poll(() => gate.keys.length, { interval: 5 }).toBeGreaterThan(answers);
      await blow(child.pid!);
      gate.open();
      const how = await end;
      await gate.close();
      return how;
    },
  };
}

async function expectGoesOn(record: Record): Promise<void> {
  const last = await record.bursar(["backfill", "--from", FROM, "--json"]);
  expect({ code: last.code, err: last.code === 0 ? "" : last.err }).toEqual({ code: 0, err: "" });
  const { out } = await record.bursar(["doctor", "--digest", "--json"]);
  expect((JSON.parse(out) as { digest: string }).digest).toBe(undisturbed);
  expect(JSON.parse((await record.bursar(["verify", "--json"])).out)).toMatchObject({ ok: true, failures: [] });
}

describe.runIf(server !== undefined)("a back-fill on PostgreSQL (F69)", () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    createKekFile(join(folder.path, "kek"), testRandom);
    emulator = await startEmulator({ world: WORLD });
    const whole = await connected("undisturbed");
    expect((await whole.bursar(["backfill", "--from", FROM])).code).toBe(0);
    const { out } = await whole.bursar(["doctor", "--digest", "--json"]);
    undisturbed = (JSON.parse(out) as { digest: string }).digest;
    await whole.drop();
  });

  afterAll(async () => {
    await emulator.close();
    await folder.remove();
  });

  it.each(MOMENTS)(
    "killed after %i answers, then cut off by its server, goes on at once on PostgreSQL",
    async (answers) => {
      const record = await connected(`killed-${answers}`);
      const killed = await record.held(answers, (pid) => void process.kill(pid, "SIGKILL"));
      expect(killed.code).toBeNull();
      // What a restart of the server is to its clients: every session ends at once.
      const { code, err } = await record.held(answers, async () => {
        await endSessions(record.url);
        await sleep(50);
      });
      expect([0, 5], err).toContain(code);
      expect(err).not.toMatch(/\n\s+at /);
      await expectGoesOn(record);
      await record.drop();
    },
    300_000,
  );
});

if (server === undefined) {
  // Stands in for those that were left out, so that the check says why.
  it.skip("on PostgreSQL: BURSAR_TEST_POSTGRES is not set; npm test starts a server for it", () => undefined);
}

async function endSessions(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const name = new URL(url).searchParams.get("application_name");
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [name]);
  } finally {
    await client.end();
  }
}
