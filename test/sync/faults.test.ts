import { beforeAll, describe, expect, it } from "vitest";

import { HOUR_MS, isFailure } from "../../src/domain/index.ts";
import { streams } from "../../src/source/index.ts";
import { listRuns } from "../../src/store/index.ts";
import type { RunReport } from "../../src/sync/index.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { engines, sqlite } from "../support/engines.ts";
import { FAULT_WORLD, faultCases, MOST_PAGES, type Seen } from "./fault-cases/index.ts";

/** Those that `check` tries on PostgreSQL too: one of a family, and the ones that touch what is stored. */
const SAMPLE = ["F10", "F20", "F34", "F42", "F43", "F49", "F54", "F58"];
const REPORTS = streams.filter(({ shape }) => shape.kind === "report").map(({ name }) => name);

const SHORT = { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000 };

/** The clock stands two hours on when a fault is over: analytics of the last days are due again. */
async function syncLater(bursar: TestBursar): Promise<RunReport> {
  bursar.emulator.clock.advance(2 * HOUR_MS);
  bursar.clock.set(Math.max(bursar.clock.now(), bursar.emulator.clock.now()));
  return bursar.sync();
}

/** Made on SQLite, so that it is one digest for both engines. */
let undisturbed = "";
beforeAll(async () => {
  await withBursar({ world: FAULT_WORLD }, async (bursar) => {
    expect((await syncLater(bursar)).outcome).toBe("complete");
    undisturbed = await bursar.digest();
  });
});

describe.each(engines)("faults on $name", (engine) => {
  const isWhole = engine === sqlite || process.env["BURSAR_FULL"] !== undefined;
  const cases = isWhole ? faultCases : faultCases.filter(({ id }) => SAMPLE.includes(id));
  const options = { world: FAULT_WORLD, timeouts: SHORT, mostPages: MOST_PAGES, engine };

  it.each(cases)("$id: $expected", async (fault) => {
    await withBursar(options, async (bursar) => {
      const armed =
        fault.sync === undefined ? await bursar.emulator.faults.add({ id: fault.id, ...fault.order }) : null;
      let report: RunReport | null = null;
      let thrown: unknown = null;
      try {
        const asked = fault.options?.(armed?.observed() ?? {}) ?? {};
        report = await (fault.sync?.(bursar) ?? bursar.sync(asked));
      } catch (error) {
        thrown = error;
      }
      const requests = [...bursar.emulator.requests];
      const seen: Seen = {
        bursar,
        report,
        thrown,
        observed: armed?.observed() ?? {},
        requests: (path) => requests.filter((request) => request.path.endsWith(path)).length,
        stream: (name) => report!.streams.find(({ stream }) => stream === name)!,
      };
      expect(thrown === null || isFailure(thrown), String(thrown)).toBe(true);
      expect(
        report?.outcome ?? "throws",
        JSON.stringify(
          report?.streams.filter(({ state }) => state !== "ok"),
          null,
          1,
        ),
      ).toBe(fault.outcome);
      const wrong = Object.entries(await fault.holds(seen)).filter(([, holds]) => !holds);
      expect(wrong, JSON.stringify(report, null, 1)).toEqual([]);
      await expectNamed(bursar, report, fault.outcome);
      await bursar.emulator.faults.clear();
      expect((await syncLater(bursar)).outcome).toBe("complete");
      expect(await bursar.ledgerFailures()).toEqual([]);
      expect(await holdsKey(bursar)).toBe(false);
      if (fault.id !== "F59" && fault.id !== "F61") expect(await bursar.digest()).toBe(undisturbed);
    });
  });
});

/** The run's own record names the fault, its request id, and what was not covered. */
async function expectNamed(bursar: TestBursar, report: RunReport | null, outcome: string): Promise<void> {
  if (report === null || outcome === "complete") return;
  const [run] = await bursar.store.read((tx) => listRuns(tx, bursar.scope, 1));
  const failed = report.streams.filter(({ failure }) => failure !== null);
  const said = JSON.stringify(run?.report);
  for (const { stream, failure, notCovered } of failed) {
    expect(said).toContain(failure!.code);
    if (failure!.requestId !== null) expect(said).toContain(failure!.requestId);
    // A list has no days that could be missing.
    if (REPORTS.includes(stream)) expect(notCovered.length).toBeGreaterThan(0);
  }
  if (failed.length === 0) expect(report.streams.some(({ warnings }) => warnings.length > 0)).toBe(true);
}

/** The key, in plain, base64 or hex, in the database, its log, or what we logged. */
async function holdsKey({ everything, emulator }: TestBursar): Promise<boolean> {
  const { admin } = emulator.keys;
  const forms = [admin, Buffer.from(admin).toString("base64").slice(0, -4), Buffer.from(admin).toString("hex")];
  const text = await everything();
  return forms.some((form) => text.includes(form));
}

it("covers every fault from F01 to F63", () => {
  const ids = Array.from({ length: 63 }, (_, i) => `F${String(i + 1).padStart(2, "0")}`);
  expect(faultCases.map(({ id }) => id)).toEqual(ids);
});
