import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { countSteps, runKilled, runProgram, stepsToKill, type ProcessEnd } from "../support/processes.ts";

/** Kills a command in the regular check; all of its steps in the full one. */
const SAMPLE = 2;

let folder = "";
let emulator: Emulator;

const at = (data: string) => ({
  cwd: folder,
  env: { BURSAR_DATA: join(folder, data), BURSAR_UPSTREAM: emulator.url },
});

async function said(data: string, ...args: string[]): Promise<ProcessEnd> {
  const end = await runProgram([...args, "--json"], at(data));
  if (end.code !== 0) throw new Error(`bursar ${args.join(" ")} ended with ${end.code}: ${end.err}`);
  return end;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-kills-"));
  emulator = await startEmulator({ world: { seed: 5, people: 3, days: 2, end: "2026-10-31", scale: 1 } });
  const key = join(folder, "key");
  await writeFile(key, emulator.keys.admin, { mode: 0o600 });
  await said("clean", "connect", "--key-file", key, "--from", "2026-10-30");
  await said("clean", "tenant", "add", "other");
  await said("clean", "sync");
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ["ledger rotate-key", () => ["ledger", "rotate-key"]],
  ["vault rotate-dek", () => ["vault", "rotate-dek"]],
  ["vault rotate-kek", (turn: number) => ["vault", "rotate-kek", "--new", `kek-${turn}`]],
])("%s, killed at its steps", (name, command) => {
  it("is brought to its end by the same command, one rotation after the other", async () => {
    const data = name.replace(" ", "-");
    await cp(join(folder, "clean"), join(folder, data), { recursive: true });
    const undisturbed = await countSteps(command(0), at(data));
    expect({ code: undisturbed.code, err: undisturbed.err }).toEqual({ code: 0, err: "" });
    expect(undisturbed.steps).toBeGreaterThan(2);
    for (const killAt of stepsToKill(undisturbed.steps, SAMPLE)) {
      const killed = await runKilled(command(killAt), killAt, at(data));
      expect(killed.signal, `${name} at step ${killAt}`).toBe("SIGKILL");
      await said(data, ...command(killAt));
    }
    // All keys open still: upstream's, with which it syncs, and the log's, with which it signs.
    await said(data, "sync");
    expect(JSON.parse((await said(data, "verify")).out)).toMatchObject({ ok: true, failureCount: 0 });
  }, 600_000);
});
