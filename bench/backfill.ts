import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { BackfillOrder, BackfillReport } from "./support/backfill-process.ts";
import { emulatorProcess } from "./support/emulator-process.ts";
import type { Bench } from "./types.ts";

const END = "2026-10-31";
const DAYS = 90;
const PEOPLE = 200;
const LATENCY_MS = 100;
/** As bin/bursar.js starts a back-fill. */
const LEAN = ["--max-semi-space-size=16", "--heap-growing-percent=40"];
const ENVIRONMENT = { MALLOC_ARENA_MAX: "2", ...process.env };

/** Back-fill of the Claude Code report, stored and chained, beside the bare loop; its memory is in the note. */
const backfill: Bench = {
  name: "claude-code-backfill",
  unit: "s",
  higherIsBetter: false,
  runs: 5,
  run: () =>
    withEmulator(0, async (order) => {
      const floor = await measure({ ...order, what: "floor" });
      const bursar = await measure({ ...order, what: "bursar" });
      const note =
        `${bursar.pages} pages, ${bursar.rows} rows, peak ${Math.round(bursar.peakMiB)} MiB; ` +
        `again with nothing new ${bursar.secondSeconds.toFixed(2)} s and ${bursar.newAgain} records`;
      return { figure: bursar.seconds, floor: floor.seconds, note };
    }),
};

/**
 * The same with latency on every page, beside a bare loop that keeps eight of the same pages in flight. The note has its
 * speed as a share of what it is without latency: no more pages in flight could make it quicker than that.
 */
const latency: Bench = {
  name: "claude-code-backfill-100ms-latency",
  unit: "s",
  higherIsBetter: false,
  runs: 3,
  run: async () => {
    const near = await withEmulator(0, (order) => measure({ ...order, what: "bursar" }));
    return withEmulator(LATENCY_MS, async (order) => {
      const floor = await measure({ ...order, what: "fetch" });
      const bursar = await measure({ ...order, what: "bursar" });
      const share = Math.round((100 * near.seconds) / bursar.seconds);
      const note = `${bursar.pages} pages with ${LATENCY_MS} ms each, 8 in flight; ${share} % of its speed without latency`;
      return { figure: bursar.seconds, floor: floor.seconds, note };
    });
  },
};

export const benches: readonly Bench[] = [backfill, latency];

async function withEmulator<T>(latencyMs: number, use: (order: Omit<BackfillOrder, "what">) => Promise<T>): Promise<T> {
  const emulator = await emulatorProcess({ people: PEOPLE, days: DAYS, end: END, latencyMs });
  try {
    return await use({ url: emulator.url, key: emulator.key, days: DAYS, end: END });
  } finally {
    emulator.stop();
  }
}

async function measure(order: BackfillOrder): Promise<BackfillReport> {
  const script = fileURLToPath(new URL("./support/backfill-process.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...LEAN, script, JSON.stringify(order)], {
    env: ENVIRONMENT,
  });
  return JSON.parse(stdout) as BackfillReport;
}
