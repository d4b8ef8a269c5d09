import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sampleExports } from "../../test/support/sample-exports.ts";
import { ORIGIN } from "../../test/support/sample-ledger.ts";
import type { PartOrder, PartReport } from "./verify-part.ts";
import { checkPartsIn } from "./verify-workers.ts";

const exports = await sampleExports();

afterAll(() => exports.remove());

/** Every tile of an export of 600 leaves for itself, twice: enough parts for threads to be started. */
function ordersOf(dir: string): PartOrder[] {
  return [0, 1, 2, 0, 1, 2].map((from) => ({ dir, size: 600, from, to: from + 1, hasPayloads: true, origin: ORIGIN }));
}

async function reportsOf(threads: number, dir: string): Promise<PartReport[]> {
  const reports: PartReport[] = [];
  for await (const report of checkPartsIn(threads, ordersOf(dir))) reports.push(report);
  return reports;
}

describe("parts checked in threads", () => {
  it("are reported in order, and as one thread alone reports them", async () => {
    const inThreads = await reportsOf(2, exports.intact);
    expect(inThreads.map(({ from }) => from)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(inThreads[0]?.failures).toEqual([]);
    expect(inThreads).toEqual(structuredClone(await reportsOf(1, exports.intact)));
  });

  it("name the same damage", async () => {
    const dir = await exports.copyOf(exports.intact);
    await writeFile(join(dir, "tile", "0", "001"), "cut");
    await writeFile(join(dir, "payload", "000"), "{}\n");
    await rm(join(dir, "tile", "entries", "002.p", "88"));
    const inThreads = await reportsOf(2, dir);
    expect(inThreads.map(({ stoppedAt, failureCount }) => [stoppedAt, failureCount > 0])).toEqual([
      [null, true],
      [null, true],
      [2, true],
      [null, true],
      [null, true],
      [2, true],
    ]);
    expect(inThreads).toEqual(structuredClone(await reportsOf(1, dir)));
  });

  it("end with whoever stops early", async () => {
    for await (const report of checkPartsIn(2, ordersOf(exports.intact))) {
      expect(report.from).toBe(0);
      break;
    }
  });
});
