import { once } from "node:events";

import { expect, it } from "vitest";

import { createWorld, startEmulator } from "../../src/emulator/index.ts";
import { ended, run, start, temporaryFolder } from "./program.ts";

it("a back-fill over the API runs beside the server, and its events tell how it goes", async () => {
  const folder = await temporaryFolder();
  const world = createWorld({ seed: 5, people: 6, days: 20, end: "2026-10-31", scale: 1 });
  const emulator = await startEmulator({ world });
  const where = { cwd: folder.path, env: { BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0" } };
  expect((await run(["connect", "--from", "2026-10-30"], { ...where, input: emulator.keys.admin })).code).toBe(0);
  const made = await run(["token", "create", "--name", "test", "--scopes", "read,sync"], where);
  expect(made.code).toBe(0);
  const child = start(["serve", "--json"], where);
  const end = ended(child);
  try {
    const [line] = (await once(child.stdout, "data")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const headers = { authorization: `Bearer ${made.out.trim()}`, "content-type": "application/json" };
    const ready = async () =>
      (await (await fetch(`${url}/readyz`)).json()) as { syncs: { default?: { exit: number } } };
    await expect.poll(async () => (await ready()).syncs.default?.exit, { timeout: 30_000 }).toBe(0);

    const events = await fetch(`${url}/api/v1/events`, { headers });
    const order = await fetch(`${url}/api/v1/backfill`, { method: "POST", headers, body: '{"from":"2026-10-12"}' });
    expect(order.status).toBe(202);
    const { run: ordered } = (await order.json()) as { run: { id: string } };
    let heard = "";
    const decoder = new TextDecoder();
    for await (const chunk of events.body!) {
      heard += decoder.decode(chunk, { stream: true });
      if (heard.includes(`event: ended\ndata: {"id":"${ordered.id}"`) && heard.endsWith("\n\n")) break;
    }
    expect(heard).toContain(`event: started\ndata: {"id":"${ordered.id}"`);
    expect(heard).toMatch(/event: progress\ndata: \{[^\n]*"windowsDone":\d/);
    expect(heard.slice(heard.lastIndexOf("event: ended"))).toContain('"exit":0,"problem":null');

    const report = await fetch(`${url}/api/v1/report?metric=tokens&from=2026-10-12&to=2026-10-31`, { headers });
    expect(await report.json()).toMatchObject({ coverage: { covered: 20 } });
  } finally {
    child.kill("SIGTERM");
    expect((await end).code).toBe(0);
    await emulator.close();
    await folder.remove();
  }
});
