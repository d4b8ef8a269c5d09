import { afterEach, describe, expect, it } from "vitest";

import { virtualClock } from "../../test/support/clock.ts";
import { isFailure, tryDay, type JsonObject } from "../domain/index.ts";
import { startEmulator, type Emulator, type FaultOrder } from "../emulator/index.ts";
import { createClient } from "./client.ts";
import { queryOf } from "./client.ts";
import { streams } from "./streams/index.ts";
import type { FetchedWindow, Known, Page, SourceClient, Stream, UpstreamRequest } from "./types.ts";
import { readWindow, type ReadOptions } from "./window.ts";

const WORLD = { seed: 7, people: 6, days: 5, end: "2026-10-31", scale: 1 };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const stream = (name: string): Stream => streams.find((each) => each.name === name)!;

/** The same stream with pages so short that a small world has several. */
function short(name: string, limit: number): Stream {
  const whole = stream(name);
  const shorten = (request: UpstreamRequest): UpstreamRequest => ({
    ...request,
    query: request.query.map(([key, value]) => [key, key === "limit" ? String(limit) : value]),
  });
  return { ...whole, requests: (window, known) => whole.requests(window, known).map(shorten) };
}

async function reading(name: string, limit: number, orders: readonly FaultOrder[] = [], options: ReadOptions = {}) {
  const emulator = await startEmulator({ world: WORLD });
  closing.push(() => emulator.close());
  const client = createClient({
    upstream: emulator.url,
    openKey: () => emulator.keys.admin,
    fingerprint: "00000000",
    clock: virtualClock(emulator.clock.now()),
    random: { bytes: (count) => Buffer.alloc(count), fraction: () => 0 },
  });
  closing.push(() => client.close());
  const one = short(name, limit);
  const to = tryDay("2026-11-01")!;
  const span = one.shape.kind === "list" ? null : { from: to - Math.min(5, one.shape.longest), to };
  const read = () => readWindow(client, one, { stream: name, span }, knownOf(emulator), options);
  const undisturbed = await read();
  const before = emulator.requests.length;
  for (const order of orders) await emulator.faults.add(order);
  const outcome = await read().catch((thrown: unknown) => thrown);
  return { emulator, undisturbed, outcome, requests: emulator.requests.slice(before) };
}

const knownOf = (emulator: Emulator): Known => ({
  organizationId: emulator.world.directory.organization.id,
  ids: () => [],
});

function whole(outcome: unknown): FetchedWindow {
  if (outcome instanceof Error) throw outcome;
  return outcome as FetchedWindow;
}

/** Every record once, in an order of its own. */
const contents = (window: FetchedWindow): string[] =>
  [...new Set(window.pages.flatMap((page) => page.records.map(({ key, data }) => JSON.stringify([key, data]))))].sort();

describe.each([
  ["users", 2],
  ["rate_limits", 3],
  ["usage_total", 1],
  ["analytics_usage", 40],
])("a window of %s in pages of %i", (name, limit) => {
  it.each(["F44", "F46", "F47", "F48", "F52"])("is read whole in spite of %s", async (id) => {
    const { undisturbed, outcome, requests } = await reading(name, limit, [{ id }]);
    const window = whole(outcome);
    expect(window.incomplete).toBeNull();
    expect(contents(window)).toEqual(contents(undisturbed));
    expect(window.pages).toHaveLength(requests.filter(({ status }) => status === 200).length);
    expect(undisturbed.pages.length).toBeGreaterThan(1);
  });

  it.each(["F49", "F50"])("ends incomplete, with what was read, at %s", async (id) => {
    const { outcome, requests } = await reading(name, limit, [{ id }]);
    const window = whole(outcome);
    expect(window.incomplete).not.toBeNull();
    expect(contents(window).length).toBeGreaterThan(0);
    const cursors = requests
      .map(({ query }) => new URLSearchParams(query))
      .map((q) => q.get("page") ?? q.get("after_id"));
    for (const cursor of cursors) expect(cursors.filter((other) => other === cursor).length).toBeLessThanOrEqual(2);
  });

  it("ends incomplete at the cap of pages (F51)", async () => {
    const { undisturbed, outcome, requests } = await reading(name, limit, [{ id: "F51" }], { mostPages: 40 });
    expect(whole(outcome).incomplete).toContain("more than 40 pages");
    expect(requests).toHaveLength(40);
    expect(contents(whole(outcome))).toEqual(contents(undisturbed));
  });
});

describe("a window", () => {
  it("tells upstream's time, the refresh of its data, and every answer with its hash", async () => {
    const { emulator, undisturbed } = await reading("analytics_usage", 40);
    expect(undisturbed.upstreamNow).toBe(emulator.clock.now());
    expect(undisturbed.refreshedAt).not.toBeNull();
    for (const { facts, records } of undisturbed.pages) {
      expect(facts).toMatchObject({ status: 200, rows: records.length, path: "/v1/organizations/analytics/usage" });
      expect(facts.bodySha256).toMatch(/^[0-9a-f]{64}$/);
      expect(facts.requestId).toMatch(/^req_/);
    }
    expect(undisturbed.pages.map(({ facts }) => facts.hasMore)).toEqual(
      undisturbed.pages.map((_, index) => index < undisturbed.pages.length - 1),
    );
  });

  it("goes on without the speed dimension where it is refused, and says so", async () => {
    const { outcome, requests } = await reading("usage_by_person", 31, [{ id: "F08", match: "speed" }]);
    expect(whole(outcome).warnings).toEqual([expect.stringContaining("without it")]);
    expect(requests.map(({ status }) => status)).toEqual([400, 200]);
    expect(contents(whole(outcome)).length).toBeGreaterThan(0);
  });

  it("gives up when its page token expires for the third time", async () => {
    const { outcome } = await reading("users", 2, [{ id: "F48", times: 3 }]);
    expect(isFailure(outcome, "source.page_expired")).toBe(true);
  });
});

/** A client whose answers stand in a list; it repeats the last one. */
function scripted(bodies: readonly JsonObject[]): { client: SourceClient; asked: string[] } {
  const asked: string[] = [];
  const facts = {
    path: "/",
    query: "",
    status: 200,
    requestId: "req_1",
    organizationId: null,
    date: 5,
    bytes: 2,
    bodySha256: "",
  };
  const client: SourceClient = {
    fingerprint: "00000000",
    load: () => ({ waiting: 0, inFlight: 0, pausedUntil: null }),
    get: async (request): Promise<Page> => {
      const body = bodies[Math.min(asked.length, bodies.length - 1)]!;
      asked.push(queryOf(request));
      return { body, facts, notes: [] };
    },
  };
  return { client, asked };
}

describe("a window of scripted pages", () => {
  const known: Known = { organizationId: "org", ids: () => [] };
  const users = (...ids: string[]) => ids.map((id) => ({ id, type: "user" }));
  const read = (bodies: readonly JsonObject[]) => {
    const { client, asked } = scripted(bodies);
    return readWindow(client, stream("users"), { stream: "users", span: null }, known).then((window) => ({
      window,
      asked,
    }));
  };

  it("stops where the same last page comes for ever, as in the published examples", async () => {
    const { window, asked } = await read([{ data: users("a"), has_more: true, first_id: "x", last_id: "last_id" }]);
    expect(asked).toHaveLength(2);
    expect(window.incomplete).toContain("read already");
  });

  it.each([
    [{ has_more: false }, "data: nothing"],
    [{ data: { a: 1 }, has_more: false }, "data: an object"],
  ])("refuses the page %j rather than take it for an empty list", async (body, problem) => {
    await expect(read([body])).rejects.toThrow(problem);
  });

  it.each([
    [{ data: users("a") }, "does not say"],
    [{ data: users("a"), has_more: "false" }, "does not say"],
    [{ data: users("a"), has_more: true, last_id: null }, "last_id is no cursor"],
    [{ data: [...users("a"), "b"], has_more: false }, "a text where an object belongs"],
  ])("keeps the records of %j and counts as incomplete", async (body, reason) => {
    const { window } = await read([body]);
    expect(window.incomplete).toContain(reason);
    expect(window.pages.flatMap((page) => page.records)).toHaveLength(1);
  });

  it("reads again until two readings agree, when a row stood on two pages", async () => {
    const first = { data: users("a", "b"), has_more: true, last_id: "b" };
    const { window, asked } = await read([
      first,
      { data: users("b"), has_more: false },
      first,
      { data: users("c"), has_more: false },
      first,
      { data: users("c"), has_more: false },
    ]);
    expect(asked).toHaveLength(6);
    expect(window.incomplete).toBeNull();
    expect(window.pages.flatMap((page) => page.records.map(({ key }) => key[1]))).toEqual(["a", "b", "c"]);
  });

  it("calls the window incomplete when three readings all differ", async () => {
    const first = { data: users("a"), has_more: true, last_id: "a" };
    const bodies = ["b", "c", "d"].flatMap((id) => [first, { data: users("a", id), has_more: false }]);
    const { window, asked } = await read(bodies);
    expect(asked).toHaveLength(6);
    expect(window.incomplete).toContain("disagree");
  });

  it("leaves two rows with one key in one page for the commit to judge, without reading again (F43)", async () => {
    const { window, asked } = await read([{ data: users("a", "a"), has_more: false }]);
    expect(asked).toHaveLength(1);
    expect(window.pages[0]?.records).toHaveLength(2);
  });
});
