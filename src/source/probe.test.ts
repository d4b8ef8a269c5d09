import { afterEach, describe, expect, it } from "vitest";

import { virtualClock } from "../../test/support/clock.ts";
import { isFailure } from "../domain/index.ts";
import { startEmulator, type EmulatorKeys, type EmulatorOptions, type FaultOrder } from "../emulator/index.ts";
import { createClient } from "./client.ts";
import { probe } from "./probe.ts";
import { streams } from "./streams/index.ts";
import type { Capabilities } from "./types.ts";

const WORLD = { seed: 7, people: 4, days: 5, end: "2026-10-31", scale: 1 };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function probed(
  key: keyof EmulatorKeys = "admin",
  orders: readonly FaultOrder[] = [],
  more: Partial<EmulatorOptions> = {},
) {
  const emulator = await startEmulator({ world: WORLD, ...more });
  closing.push(() => emulator.close());
  for (const order of orders) await emulator.faults.add(order);
  const clock = virtualClock(emulator.clock.now());
  const client = createClient({
    upstream: emulator.url,
    openKey: () => emulator.keys[key],
    fingerprint: "00000000",
    clock,
    random: { bytes: (count) => Buffer.alloc(count), fraction: () => 0 },
  });
  closing.push(() => client.close());
  const outcome = await probe(client, 123).catch((thrown: unknown) => thrown);
  if (outcome instanceof Error) return { emulator, failure: outcome, probe: null };
  return { emulator, failure: null, probe: outcome as Awaited<ReturnType<typeof probe>> };
}

const outcomes = (probe: Awaited<ReturnType<typeof probed>>["probe"]) =>
  Object.fromEntries(probe!.lines.map(({ stream, outcome }) => [stream, outcome]));

describe("the probe", () => {
  it("finds everything reachable with an Admin key, with one small request each", async () => {
    const { emulator, probe } = await probed();
    expect(probe).toMatchObject({
      organizationId: emulator.world.directory.organization.id,
      organizationName: emulator.world.directory.organization.name,
      probedAt: emulator.clock.now(),
      capabilities: { admin_api: true, code_analytics: true, usage_cost_analytics: true, mcp_connector: true },
    });
    expect(probe?.lines.map(({ stream }) => stream)).toEqual(streams.map(({ name }) => name));
    expect(new Set(Object.values(outcomes(probe)))).toEqual(new Set(["reachable"]));
    expect(emulator.requests).toHaveLength(streams.length + 3);
    for (const { query } of emulator.requests) expect(query).not.toMatch(/limit=(?!1(&|$))/);
  });

  it("calls an idle organization capable", async () => {
    // Half a year later nothing has happened yesterday.
    const { probe } = await probed("admin", [], { startAt: Date.parse("2027-04-30T12:00:00Z") });
    expect(probe?.capabilities).toMatchObject({ admin_api: true, code_analytics: true, usage_cost_analytics: true });
  });

  it("gives a reason for each flag that is off, and for no other", async () => {
    const { probe } = await probed("analytics");
    expect(probe?.capabilities).toMatchObject({ admin_api: false, code_analytics: false, usage_cost_analytics: true });
    for (const [flag, has] of Object.entries(probe!.capabilities)) {
      const reason = probe!.reasons[flag as keyof Capabilities];
      expect(typeof reason, flag).toBe(has ? "undefined" : "string");
    }
  });

  it.each(["ordinary", "revoked", "expired"] as const)(
    "stops at the first request of a refused key (%s)",
    async (key) => {
      const { emulator, failure } = await probed(key);
      expect(isFailure(failure, "source.credential_refused")).toBe(true);
      expect(emulator.requests).toHaveLength(1);
    },
  );

  it.each([
    ["F11", "refused"],
    ["F12", "not_available"],
    ["F05", "failed"],
  ])("goes on past one stream that answers %s", async (id, outcome) => {
    const { probe } = await probed("admin", [{ id, match: "cost_report" }]);
    expect(outcomes(probe)).toMatchObject({ cost_report: outcome, usage_total: "reachable" });
    const line = probe?.lines.find(({ stream }) => stream === "cost_report");
    expect(line?.reason).toMatch(/.{20}/);
    expect(line?.requestId).toMatch(/^req_/);
  });

  it("learns the organization from other answers where its own endpoint is refused", async () => {
    const { emulator, probe } = await probed("admin", [{ id: "F11", match: "/v1/organizations/me" }]);
    expect(probe?.organizationId).toBe(emulator.world.directory.organization.id);
    expect(probe?.organizationName).toBe("");
    expect(outcomes(probe)).toMatchObject({ organization: "refused", users: "reachable" });
  });

  it("counts usage by person as reachable where only the speed dimension is refused", async () => {
    const { probe } = await probed("admin", [{ id: "F08", match: "speed" }]);
    expect(outcomes(probe)["usage_by_person"]).toBe("reachable");
  });
});
