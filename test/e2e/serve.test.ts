import { once } from "node:events";

import { expect, it } from "vitest";

import { createWorld, startEmulator } from "../../src/emulator/index.ts";
import { ended, run, start, temporaryFolder } from "./program.ts";

it("is not ready while a key is refused, and ready again when its connection is gone", async () => {
  const folder = await temporaryFolder();
  const world = createWorld({ seed: 5, people: 4, days: 3, end: "2026-10-31", scale: 1 });
  const emulator = await startEmulator({ world });
  const { admin } = emulator.keys;
  const env = { BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0" };
  const where = { cwd: folder.path, env };
  const connected = await run(["connect", "--from", "2026-10-30"], { ...where, input: admin });
  expect(connected.err).toContain("bursar: next: bursar sync; ");
  expect(connected.code).toBe(0);
  emulator.revoke(admin);
  const child = start(["serve", "--json"], where);
  const end = ended(child);
  try {
    const [line] = (await once(child.stdout, "data")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const ready = async () => {
      const answer = await fetch(`${url}/readyz`);
      return { code: answer.status, ...((await answer.json()) as { syncs: Record<string, { exit: number }> }) };
    };
    await expect.poll(async () => (await ready()).syncs["default"]?.exit, { timeout: 30_000 }).toBe(4);
    expect((await ready()).code).toBe(503);
    expect((await run(["disconnect"], where)).code).toBe(0);
    expect(await ready()).toMatchObject({ code: 200, syncs: {} });
  } finally {
    child.kill("SIGTERM");
    await end;
    await emulator.close();
    await folder.remove();
  }
});
