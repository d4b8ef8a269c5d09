import { describe, expect, it } from "vitest";

import { testApi, type TestApi } from "../support/api.ts";
import { withBursar } from "../support/bursar.ts";

function withApi(use: (api: TestApi, token: string) => Promise<void>): Promise<void> {
  return withBursar({}, async (bursar) => {
    await bursar.connect("main");
    const api = await testApi({ store: bursar.store, clock: bursar.clock });
    await use(api, await api.token());
  });
}

/** Events as they come; comments and the retry time are left out. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: Record<string, unknown> }> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (event !== undefined) yield { event, data: JSON.parse(data!) as Record<string, unknown> };
    }
  }
}

describe("a sync over the API", () => {
  it("is begun and not waited for, one at a time", () =>
    withApi(async ({ post, syncs }, token) => {
      const first = await post("/api/v1/sync", token, { connection: "main" });
      expect(first.status).toBe(202);
      expect(await first.json()).toMatchObject({ isNew: true, run: { id: "sync_1", endedAt: null } });
      const second = await post("/api/v1/backfill", token, { from: "all" });
      expect(await second.json()).toMatchObject({ isNew: false, run: { id: "sync_1" } });
      expect(syncs.orders).toEqual([{ tenant: "default", order: { what: "sync", connection: "main" } }]);
    }));

  it("is refused when its order cannot be read, and to whoever may not", () =>
    withApi(async ({ post, token: make, syncs }, token) => {
      expect((await post("/api/v1/backfill", token, {})).status).toBe(422);
      expect((await post("/api/v1/sync", token, { connection: 7 })).status).toBe(422);
      expect((await post("/api/v1/sync", token, { bogus: 1 })).status).toBe(422);
      expect((await post("/api/v1/sync", token, "[]")).status).toBe(422);
      expect((await post("/api/v1/sync", token, "{")).status).toBe(422);
      expect((await post("/api/v1/sync", await make(["read"]), {})).status).toBe(403);
      expect(syncs.orders).toEqual([]);
    }));
});

describe("the events", () => {
  it("tell how it stands, then what follows, and end with the server", () =>
    withApi(async ({ get, syncs, ending }, token) => {
      const { run } = syncs.start("default", { what: "sync" });
      const response = await get("/api/v1/events", token);
      expect(response.headers.get("content-type")).toContain("text/event-stream");
      const events = eventsOf(response);
      expect((await events.next()).value).toMatchObject({ event: "progress", data: { id: run.id } });
      syncs.tell("progress", { ...run, progress: { rows: 7 } });
      expect((await events.next()).value).toMatchObject({ event: "progress", data: { progress: { rows: 7 } } });
      syncs.tell("ended", { ...run, endedAt: "2026-11-01T00:01:00.000Z", exit: 4, problem: "refused" });
      expect((await events.next()).value).toMatchObject({ event: "ended", data: { exit: 4, problem: "refused" } });
      ending.abort();
      expect((await events.next()).done).toBe(true);
      expect(syncs.listeners).toBe(0);
    }));

  it("stop being sent when the reader goes", () =>
    withApi(async ({ get, syncs }, token) => {
      const response = await get("/api/v1/events", token);
      expect(syncs.listeners).toBe(1);
      await response.body!.cancel();
      expect(syncs.listeners).toBe(0);
    }));

  it("of another tenant are not heard", () =>
    withApi(async ({ get, token: make, syncs, ending }) => {
      const response = await get("/api/v1/events", await make(["read"], "other"));
      syncs.start("default", { what: "sync" });
      ending.abort();
      const heard: unknown[] = [];
      for await (const event of eventsOf(response)) heard.push(event);
      expect(heard).toEqual([]);
    }));

  it("are for so many readers of one caller", () =>
    withApi(async ({ get, ending }, token) => {
      const streams = await Promise.all(Array.from({ length: 7 }, () => get("/api/v1/events", token)));
      expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429]);
      ending.abort();
    }));
});

describe("a key that is connected", () => {
  it("is neither answered nor logged, whatever happens", () =>
    withApi(async ({ post, events }, token) => {
      const key = `sk-ant-admin01-${"k".repeat(80)}-CANARY`;
      for (const body of [
        { name: "main", key },
        { name: "main", key, bogus: key },
        { name: key, key },
        { name: "main", key: [key] },
        `{"name":"main","key":"${key}"`,
      ]) {
        const answer = await post("/api/v1/connect", token, body);
        const text = `${JSON.stringify([...answer.headers])}${await answer.text()}`;
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(text).not.toContain("CANARY");
      }
      expect(JSON.stringify(events)).not.toContain("CANARY");
    }));
});
