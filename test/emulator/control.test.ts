import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultCatalog, parseFaultArgument, startEmulator } from "../../src/emulator/index.ts";
import type { Emulator } from "../../src/emulator/index.ts";
import { call } from "./calling.ts";
import { tinyWorld } from "./tiny-world.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ world: { seed: 3, people: 4, days: 5, end: "2026-11-20", scale: 1 } });
});
afterEach(() => emulator.close());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${emulator.url}/_emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

describe("the control endpoint", () => {
  it("shows and moves the clock", async () => {
    const { startsAt } = emulator.world;
    expect((await control("GET", "clock")).json.iso).toBe(new Date(startsAt).toISOString());
    expect((await control("POST", "clock", { advanceMs: 1000 })).json.now).toBe(startsAt + 1000);
    expect((await control("POST", "clock", { now: "2026-12-01T00:00:00Z" })).json.now).toBe(Date.UTC(2026, 11, 1));
    expect(emulator.clock.now()).toBe(Date.UTC(2026, 11, 1));
    expect((await control("POST", "clock", { later: true })).status).toBe(400);
  });

  it("arms, lists and clears faults", async () => {
    await control("POST", "faults", { id: "F11", match: "cost_report" });
    const { json } = await control("POST", "faults", { argument: "overloaded:times=1,match=/me$" });
    expect(json.faults.map((fault: { id: string }) => fault.id)).toEqual(["F11", "F06"]);
    expect((await call(emulator, "/me")).status).toBe(529);
    expect((await call(emulator, "/me")).status).toBe(200);
    expect((await control("GET", "faults")).json.faults[1].acted).toBe(1);
    expect(emulator.requests.map((request) => request.faults)).toEqual([["F06"], []]);
    await control("DELETE", "faults");
    expect(emulator.faults.list()).toEqual([]);
  });

  it("refuses unknown faults and settings with a reason", async () => {
    expect((await control("POST", "faults", { id: "F99" })).json.error).toContain('unknown fault "F99"');
    expect((await control("POST", "faults", { id: "F01", params: { colour: "red" } })).json.error).toContain("colour");
    expect((await control("POST", "faults", { id: "F01", times: "two" })).status).toBe(400);
    expect((await control("GET", "nothing")).status).toBe(404);
  });

  it("gives requests, truth and keys, and is no part of the log", async () => {
    await call(emulator, "/me");
    expect((await control("GET", "requests")).json.requests).toHaveLength(1);
    expect((await control("GET", "truth")).json.options.seed).toBe(3);
    expect((await control("GET", "keys")).json.admin).toBe(emulator.keys.admin);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe("faults on a command line", () => {
  it.each([
    ["F01", { id: "F01" }],
    ["overloaded:times=3", { id: "F06", times: 3 }],
    ["f11:match=cost_report,after=2", { id: "F11", match: "cost_report", after: 2 }],
    ["server-error:status=503,seed=4", { id: "F07", seed: 4, params: { status: "503" } }],
    ["F08:match=group_by\\[\\]=speed", { id: "F08", match: "group_by\\[\\]=speed" }],
  ])("reads %s", (text, order) => {
    expect(parseFaultArgument(text)).toEqual(order);
  });

  it.each([
    ["F00", "unknown fault"],
    ["F01:three", 'expected name=value, not "three"'],
    ["F01:times=x", "times should be a whole number"],
    ["F01:colour=red", "match, times, after, seed, seconds, header"],
  ])("refuses %s: %s", (text, reason) => {
    expect(() => parseFaultArgument(text)).toThrow(reason);
  });
});

describe("the catalog of faults", () => {
  it("holds F01 to F64 and those of changes, each once, with a name and a description of its own", () => {
    const wanted = [
      ...Array.from({ length: 64 }, (_, index) => `F${String(index + 1).padStart(2, "0")}`),
      "W01",
      "W02",
    ];
    expect(faultCatalog.map((kind) => kind.id)).toEqual(wanted);
    expect(new Set(faultCatalog.map((kind) => kind.name)).size).toBe(wanted.length);
    expect(new Set(faultCatalog.map((kind) => kind.description)).size).toBe(wanted.length);
  });

  it("gives every upstream fault an effect and no client fault one", () => {
    for (const kind of faultCatalog) {
      const acts = [kind.answer, kind.ask, kind.change, kind.send, kind.arm].some((hook) => hook !== undefined);
      expect([kind.id, acts]).toEqual([kind.id, kind.side === "upstream"]);
    }
  });
});

it("takes a finished world and faults from the start", async () => {
  const other = await startEmulator({ world: tinyWorld(), faults: [{ id: "F12", match: "users" }] });
  try {
    expect((await call(other, "/users")).status).toBe(404);
    expect((await call(other, "/me")).status).toBe(200);
  } finally {
    await other.close();
  }
});
