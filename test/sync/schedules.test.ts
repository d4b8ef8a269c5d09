import { beforeAll, describe, expect, it } from "vitest";

import { HOUR_MS } from "../../src/domain/index.ts";
import type { FaultOrder } from "../../src/emulator/index.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { engines, sqlite } from "../support/engines.ts";
import { drawing, type Draw } from "../support/drawing.ts";

/** Every day of it is inside every look-back, so that one undisturbed sync mends whatever came before. */
const WORLD = { seed: 13, people: 4, days: 2, end: "2026-10-31", scale: 1 };
/** A fixed sample in `check`; the stated hundred in `check:full`. */
const SCHEDULES = process.env["BURSAR_FULL"] ? 100 : 10;

const ANYWHERE = ["F01", "F03", "F05", "F06", "F07", "F19", "F20", "F21", "F22", "F23", "F26", "F28", "F30", "F32"];
const IN_DATA = ["F34", "F35", "F36", "F37", "F38", "F39", "F40", "F42", "F43", "F46", "F47", "F49", "F50", "F52"];
const ENDPOINTS = [
  "users",
  "api_keys",
  "workspaces",
  "usage_report_messages",
  "cost_report",
  "usage_report_claude_code",
];

/** Made on SQLite, so that it is one digest for both engines. */
let undisturbed = "";
beforeAll(async () => {
  await withBursar({ world: WORLD }, async (bursar) => {
    await atTheEnd(bursar);
    undisturbed = await bursar.digest();
  });
});

async function atTheEnd(bursar: TestBursar): Promise<void> {
  bursar.emulator.clock.advance(2 * HOUR_MS);
  bursar.clock.set(Math.max(bursar.clock.now(), bursar.emulator.clock.now()));
  expect((await bursar.sync()).outcome).toBe("complete");
}

describe.each(process.env["BURSAR_FULL"] ? engines : [sqlite])("schedules of faults on $name", (engine) => {
  it.each(Array.from({ length: SCHEDULES }, (_, i) => i + 1))(
    "schedule %i ends in the undisturbed state",
    async (seed) => {
      await withBursar({ world: WORLD, engine }, async (bursar) => {
        const draw = drawing(seed);
        for (let syncs = 0; syncs < 2; syncs += 1) {
          for (let faults = 1 + draw(4); faults > 0; faults -= 1) await bursar.emulator.faults.add(orderOf(draw));
          await bursar.sync();
        }
        await bursar.emulator.faults.clear();
        await atTheEnd(bursar);
        expect(await bursar.digest()).toBe(undisturbed);
        expect(await bursar.ledgerFailures()).toEqual([]);
      });
    },
  );

  it("ends in the undisturbed state wherever a run is cut", async () => {
    const { length: requests } = await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      return [...bursar.emulator.requests];
    });
    const step = process.env["BURSAR_FULL"] ? 1 : Math.ceil(requests / 8);
    for (let after = 1; after < requests; after += step) {
      await withBursar({ world: WORLD, engine }, async (bursar) => {
        const order = { id: "F10", params: { requests: after } };
        await bursar.emulator.faults.add(order);
        expect((await bursar.sync()).outcome).toBe("credential");
        await bursar.emulator.faults.clear();
        await atTheEnd(bursar);
        expect(await bursar.digest(), `cut after ${after} requests`).toBe(undisturbed);
      });
    }
  });
});

function orderOf(draw: Draw): FaultOrder {
  const inData = draw(2) === 1;
  const ids = inData ? IN_DATA : ANYWHERE;
  const id = ids[draw(ids.length)]!;
  const match = ENDPOINTS[draw(ENDPOINTS.length)]!;
  return { id, match, times: 1 + draw(3), after: draw(3), seed: draw(1_000) };
}
