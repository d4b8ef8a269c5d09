import { DAY_MS, HOUR_MS, parseDay } from "../../../src/domain/index.ts";
import { setCoverage, versionsOf } from "../../../src/store/index.ts";
import type { TestBursar } from "../../support/bursar.ts";
import type { FaultCase } from "./fault-case.ts";
import { coverage, COST, stillWhole, versions } from "./seen.ts";

/** Clocks, days that change later, and spans. */
export const timeFaults: readonly FaultCase[] = [
  {
    id: "F53",
    expected: "windows follow upstream's date; a warning",
    sync: (bursar) => {
      bursar.clock.set(bursar.clock.now() + 2 * HOUR_MS);
      return bursar.sync();
    },
    outcome: "complete",
    holds: (seen) => ({ "a warning": seen.report!.warnings.some((warning) => warning.includes("clock")) }),
  },
  {
    id: "F54",
    expected: "times are clamped, an audit leaf says so",
    sync: async (bursar) => {
      await bursar.sync();
      bursar.clock.set(bursar.clock.now() - HOUR_MS);
      return bursar.sync();
    },
    outcome: "complete",
    holds: (seen) => ({ "a warning": seen.report!.warnings.some((warning) => warning.includes("went back")) }),
  },
  {
    id: "F55",
    expected: "buckets are UTC",
    sync: async (bursar) => {
      const before = process.env["TZ"];
      process.env["TZ"] = "Pacific/Kiritimati";
      try {
        return await bursar.sync();
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    },
    outcome: "complete",
    holds: stillWhole("claude_code"),
  },
  {
    id: "F56",
    expected: "today's bucket stays open and provisional",
    outcome: "complete",
    holds: async ({ bursar }) => {
      const today = Math.floor(bursar.emulator.clock.now() / DAY_MS);
      const row = (await coverage(bursar, "usage_total")).find(({ day }) => day === today);
      return { "read before its end": row !== undefined && row.readAtMs < (today + 1) * DAY_MS };
    },
  },
  {
    id: "F57",
    expected: "version 2, both kept",
    sync: async (bursar) => {
      await bursar.sync();
      await bursar.emulator.faults.add({ id: "F57", params: { day: "2026-10-30", stream: "messages" } });
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => {
      const [restated] = (await versions(seen.bursar, "usage_total")).filter(({ ver }) => ver === 2);
      const all = await seen.bursar.store.read((tx) =>
        versionsOf(tx, seen.bursar.scope, "usage_total", restated!.organizationId, restated!),
      );
      return {
        "a second version": restated !== undefined,
        "the first is kept": all.length === 2 && all[0]!.payload !== all[1]!.payload,
      };
    },
  },
  {
    id: "F58",
    expected: "gone; history keeps it",
    sync: async (bursar) => {
      await bursar.sync();
      await bursar.emulator.faults.add({ id: "F58", params: { day: "2026-10-30", stream: "claude_code" } });
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => ({
      "one is gone": seen.stream("claude_code").gone === 1,
      "history keeps it":
        (await versions(seen.bursar, "claude_code")).filter(({ state }) => state === "gone").length === 1,
    }),
  },
  {
    id: "F59",
    expected: "found by the monthly sweep",
    sync: async (bursar) => {
      await bursar.sync();
      pass(bursar, 10);
      await bursar.sync({ streams: ["usage_total"] });
      await bursar.emulator.faults.add({ id: "F59", params: { day: "2026-10-30", stream: "messages" } });
      pass(bursar, 31);
      return bursar.sync({ streams: ["usage_total"] });
    },
    outcome: "complete",
    holds: async ({ bursar }) => {
      const restated = (await versions(bursar, "usage_total")).find(({ nk }) => nk.includes("2026-10-30"));
      return { "within one sweep": restated?.ver === 2 };
    },
  },
  {
    id: "F60",
    expected: "not believed, the window is read again",
    sync: async (bursar) => {
      await bursar.connect();
      const { id } = bursar.emulator.world.directory.organization;
      const day = parseDay("2026-10-30");
      const readAtMs = bursar.emulator.clock.now() + 9 * DAY_MS;
      await bursar.store.write((tx) =>
        setCoverage(tx, bursar.scope, id, COST, [
          { day, state: "complete", readAtMs, revised: 0, refreshedAtMs: null },
        ]),
      );
      return bursar.sync();
    },
    outcome: "complete",
    holds: async (seen) => ({
      "read again": (await versions(seen.bursar, COST)).some(({ day }) => day === parseDay("2026-10-30")),
    }),
  },
  {
    id: "F61",
    expected: "every day exactly once",
    sync: (bursar) => bursar.sync({ from: parseDay("2026-08-30"), streams: ["organization", "usage_total"] }),
    outcome: "complete",
    holds: async ({ bursar }) => ({
      "no day is missing": (await coverage(bursar, "usage_total")).length === 64,
      "no request is longer than 31 days": bursar.emulator.requests.every(({ status }) => status === 200),
    }),
  },
];

/** Days go by, upstream and here. */
function pass({ clock, emulator }: TestBursar, days: number): void {
  emulator.clock.advance(days * DAY_MS);
  clock.set(emulator.clock.now());
}
