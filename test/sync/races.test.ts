import { expect, it } from "vitest";

import { readLeaves } from "../../src/store/index.ts";
import { syncExit, withStruckRecord } from "../support/struck-record.ts";

/** A sample in `check`; the stated fifty in `check:full`. */
const RACES = process.env["BURSAR_FULL"] ? 50 : 3;

// Each opens the record for itself, as a process does: nothing between them but the database.
it(
  `two syncers that race (${RACES} times): one works, and it ends with no leaf twice (F71)`,
  () =>
    withStruckRecord(async ({ world, open, context }) => {
      await context.store.close();
      for (let race = 0; race < RACES; race += 1) {
        // Up and down again: fifty times up would be more money than a row holds.
        world.world.overlay.restate({ day: "2026-10-30", stream: "cost", factor: race % 2 === 0 ? 2 : 0.5 });
        world.clock.advance(3_600_000);
        const both = [await open(), await open()];
        const ends = await Promise.all(both.map(syncExit));
        // Where the first is done before the second asks, both work, one after the other.
        expect(ends.filter(({ exit }) => exit === 0).length, JSON.stringify(ends)).toBeGreaterThan(0);
        for (const { exit, said } of ends) if (exit !== 0) expect({ exit, said }).toMatchObject({ exit: 5 });
        await Promise.all(both.map(({ store }) => store.close()));
      }
      const last = await open();
      const leaves = await last.store.read((tx) => readLeaves(tx, last.scope, 0, 1_000_000));
      const versions = leaves.flatMap(({ leaf }) => {
        const { t, id, ver } = JSON.parse(leaf.toString()) as { t: string; id?: string; ver?: number };
        return t === "rec" || t === "gone" ? [`${id} ${ver}`] : [];
      });
      expect(versions.length).toBeGreaterThan(100);
      expect(new Set(versions).size).toBe(versions.length);
      expect((await syncExit(last)).exit).toBe(0);
    }),
  600_000,
);
