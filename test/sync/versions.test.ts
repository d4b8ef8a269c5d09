import { describe, expect, it } from "vitest";

import { DAY_MS, HOUR_MS } from "../../src/domain/index.ts";
import { parseCheckpoint } from "../../src/ledger/index.ts";
import { streams } from "../../src/source/index.ts";
import { logState, readLeaves, storedVersions, type StoredVersion } from "../../src/store/index.ts";
import { publishCheckpoint, rebuildRows, recordProof, type RunReport } from "../../src/sync/index.ts";
import { verifyTlogProof } from "../../src/ledger/verify.ts";
import { parseVkey } from "../../src/ledger/index.ts";
import { withBursar, type TestBursar } from "../support/bursar.ts";
import { engines } from "../support/engines.ts";

const WORLD = { seed: 7, people: 5, days: 4, end: "2026-10-31", scale: 1 };

const sum = (report: RunReport, name: "new" | "changed" | "gone"): number =>
  report.streams.reduce((total, stream) => total + stream[name], 0);

async function all(bursar: TestBursar, stream: string, asOfMs?: number): Promise<StoredVersion[]> {
  return bursar.store.read(async (tx) => {
    const found: StoredVersion[] = [];
    const query = { stream, currentOnly: asOfMs !== undefined, ...(asOfMs === undefined ? {} : { asOfMs }) };
    for await (const version of storedVersions(tx, bursar.scope, query)) found.push(version);
    return found;
  });
}

async function kinds(bursar: TestBursar, from = 0): Promise<Record<string, number>> {
  return bursar.store.read(async (tx) => {
    const { size } = (await logState(tx, bursar.scope))!;
    const counts: Record<string, number> = {};
    for (const { leaf } of await readLeaves(tx, bursar.scope, from, size)) {
      const { t } = JSON.parse(leaf.toString()) as { t: string };
      counts[t] = (counts[t] ?? 0) + 1;
    }
    return counts;
  });
}

describe.each(engines)("versions on $name", (engine) => {
  it("adds no version and no record leaf for what is unchanged, only the fetches and the run", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      const first = await bursar.sync();
      expect(first.outcome).toBe("complete");
      expect(sum(first, "new")).toBeGreaterThan(200);
      const size = (await bursar.store.read((tx) => logState(tx, bursar.scope)))!.size;
      const second = await bursar.sync();
      expect([sum(second, "new"), sum(second, "changed"), sum(second, "gone")]).toEqual([0, 0, 0]);
      expect(Object.keys(await kinds(bursar, size)).toSorted()).toEqual(["fetch", "run"]);
    });
  });

  it("keeps every version of a restated row: what was believed on a day can be asked", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      const then = bursar.clock.now() + 1;
      const undo = bursar.emulator.world.overlay.restate({ day: "2026-10-30", stream: "messages", factor: 2 });
      bursar.clock.set(then + HOUR_MS);
      const second = await bursar.sync();
      expect(second.streams.find(({ stream }) => stream === "usage_total")!.changed).toBe(1);
      const tokens = async (asOfMs: number): Promise<number> => {
        const row = (await all(bursar, "usage_total", asOfMs)).find(({ nk }) => nk.includes("2026-10-30"))!;
        return (JSON.parse(row.payload!) as { data: { output_tokens: number } }).data.output_tokens;
      };
      expect(await tokens(then + 2 * HOUR_MS)).toBe(2 * (await tokens(then)));
      undo();
    });
  });

  it("says gone for a vanished row and takes it back when it returns", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      const digest = await bursar.digest();
      const undo = bursar.emulator.world.overlay.vanish({ day: "2026-10-30", stream: "claude_code", nth: 0 });
      expect(sum(await bursar.sync(), "gone")).toBe(1);
      expect(await bursar.digest()).not.toBe(digest);
      undo();
      expect(sum(await bursar.sync(), "changed")).toBe(1);
      expect(await bursar.digest()).toBe(digest);
      const states = (await all(bursar, "claude_code"))
        .filter(({ ver }) => ver > 1)
        .map(({ ver, state }) => [ver, state]);
      expect(states).toEqual([
        [2, "gone"],
        [3, "rec"],
      ]);
      expect(await bursar.ledgerFailures()).toEqual([]);
    });
  });

  it("keeps rows, roll-ups and active days exactly as a rebuild from the records makes them", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      bursar.emulator.world.overlay.restate({ day: "2026-10-30", stream: "claude_code", factor: 3 });
      bursar.emulator.world.overlay.vanish({ day: "2026-10-29", stream: "claude_code", nth: 1 });
      await bursar.sync();
      const digest = await bursar.digest();
      const rebuilt = await rebuildRows(bursar.store, bursar.scope, streams);
      expect(rebuilt).toMatchObject({ digestBefore: digest, digestAfter: digest, mended: false });
      expect(rebuilt.rows).toBeGreaterThan(300);
    });
  });

  it("finds restated days of the past month in a database that nobody synced for a month", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      bursar.emulator.world.overlay.restate({ day: "2026-10-29", stream: "cost", factor: 2 });
      bursar.emulator.clock.advance(29 * DAY_MS);
      bursar.clock.set(bursar.emulator.clock.now());
      const later = await bursar.sync({ streams: ["cost_report"] });
      expect(later.streams.find(({ stream }) => stream === "cost_report")!.changed).toBeGreaterThan(0);
    });
  });

  it("signs only what extends the last signed tree, and keeps the note outside the database first", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      const first = await bursar.sync();
      const second = await bursar.sync();
      const sizes = bursar.signer.kept.map((note) => parseCheckpoint(note).size);
      expect(sizes).toEqual([first.checkpointSize, second.checkpointSize]);
      await bursar.store.write((tx) =>
        tx.db
          .updateTable("tile_hashes")
          .set({ hash: Buffer.alloc(32) })
          .where("n", "=", 0)
          .execute(),
      );
      await expect(publishCheckpoint(bursar, bursar.scope)).rejects.toThrow("not the log that was signed last");
    });
  });

  it("proves one record to a stranger who has only the key", async () => {
    await withBursar({ world: WORLD, engine }, async (bursar) => {
      await bursar.sync();
      const [version] = await all(bursar, "cost_report");
      const proof = await recordProof(bursar.store, bursar.scope, version!.leafIndex);
      const verified = verifyTlogProof(proof, bursar.signer.vkeys.map(parseVkey));
      expect(verified.parsedLeaf).toMatchObject({ s: "cost_report", t: "rec", ver: 1 });
      expect(verified.content?.payload).toBe(version!.payload);
    });
  });
});

describe("the state digest", () => {
  it.skipIf(engines.length < 2)("of one world is the same on SQLite and on PostgreSQL", async () => {
    const digests: string[] = [];
    for (const engine of engines) {
      await withBursar({ world: WORLD, engine }, async (bursar) => {
        await bursar.sync();
        bursar.emulator.world.overlay.restate({ day: "2026-10-30", stream: "claude_code", factor: 3 });
        bursar.emulator.world.overlay.vanish({ day: "2026-10-29", stream: "claude_code", nth: 1 });
        await bursar.sync();
        digests.push(await bursar.digest());
      });
    }
    expect(new Set(digests).size).toBe(1);
  });
});
