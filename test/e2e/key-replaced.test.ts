import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { startGate } from "./gate.ts";
import { ended, run, start, temporaryFolder, type Ended } from "./program.ts";

const WORLD = { seed: 31, people: 4, days: 5, end: "2026-10-31", scale: 1 };
/** By then the sync is under way, with most still to come. */
const SOME_REQUESTS = 12;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;

const bursar = (args: readonly string[], input = ""): Promise<Ended> =>
  run([...args, "--json"], { cwd: folder.path, input, env: { BURSAR_UPSTREAM: emulator.url } });

beforeAll(async () => {
  folder = await temporaryFolder();
  emulator = await startEmulator({ world: WORLD });
  const connected = await bursar(["connect", "--from", "2026-10-27"], emulator.keys.admin);
  expect({ code: connected.code, err: connected.code === 0 ? "" : connected.err }).toEqual({ code: 0, err: "" });
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

// Each step builds on the one before: first the admin key holds, then the replacement, then the admin key again.
describe("a key that is replaced while a sync runs (F62)", () => {
  it("is not used by that run, which ends with the key that it began with", async () => {
    const { synced, meanwhile, keys } = await duringSync(() => bursar(["connect"], emulator.keys.replacement));
    expect(JSON.parse(meanwhile.out)).toMatchObject({ rotated: true });
    expect(synced.code).toBe(0);
    expect(keys.length).toBeGreaterThan(2 * SOME_REQUESTS);
    expect(new Set(keys)).toEqual(new Set([emulator.keys.admin]));
  });

  it("is used by the next run, and alone", async () => {
    const { synced, keys } = await duringSync(async () => {
      const connected = await bursar(["connect"], emulator.keys.admin);
      emulator.revoke(emulator.keys.replacement);
      return connected;
    });
    expect(new Set(keys)).toEqual(new Set([emulator.keys.replacement]));
    // The old key died at once, and with it the run that had begun with it.
    expect(synced.code).toBe(4);
  });

  it("leaves the connection good when the old one dies at once", async () => {
    expect(await connectionState()).toBe("active");
    expect((await bursar(["sync"])).code).toBe(0);
  });

  it("stays away when the connection is disconnected instead", async () => {
    const { meanwhile } = await duringSync(() => bursar(["disconnect", "--name", "main"]));
    expect(JSON.parse(meanwhile.out)).toMatchObject({ keyDestroyed: true });
    expect(await connectionState()).toBe("disconnected");
  });

  it("leaves a ledger that verifies", async () => {
    expect(JSON.parse((await bursar(["verify"])).out)).toMatchObject({ ok: true, failures: [] });
  });
});

interface DuringSync {
  readonly synced: Ended;
  readonly meanwhile: Ended;
  /** The key of every request of the sync. */
  readonly keys: readonly string[];
}

/** Two processes: a sync, and while it waits for its thirteenth answer another command. */
async function duringSync(act: () => Promise<Ended>): Promise<DuringSync> {
  const gate = await startGate(emulator.url, SOME_REQUESTS);
  const child = start(["sync", "--json"], { cwd: folder.path, env: { BURSAR_UPSTREAM: gate.url } });
  child.stdin.end();
  const sync = ended(child);
  await expect.poll(() => gate.keys.length, { interval: 5, timeout: 20_000 }).toBeGreaterThan(SOME_REQUESTS);
  const meanwhile = await act();
  gate.open();
  const synced = await sync;
  await gate.close();
  return { synced, meanwhile, keys: gate.keys };
}

async function connectionState(): Promise<string | undefined> {
  const { connections } = JSON.parse((await bursar(["status"])).out) as { connections: { state: string }[] };
  return connections[0]?.state;
}
