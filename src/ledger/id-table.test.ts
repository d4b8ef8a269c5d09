import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdTable, type LastLeaf } from "./id-table.ts";

const id = fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: 32, maxLength: 32 });
// Ids that share most of their digits, as somebody who wants them to collide would choose them.
const similar = fc.nat({ max: 40 }).map((n) => `${"0".repeat(8)}${n.toString(16).padStart(8, "0")}${"0".repeat(16)}`);
const last = fc.record({
  index: fc.nat({ max: 0xffff_fffd }),
  ver: fc.integer({ min: 1, max: 0xffff_ffff }),
  stream: fc.constantFrom("app", "usage_total", "cost_report"),
});

const wordsOf = (text: string) =>
  Uint32Array.from({ length: 4 }, (_, word) => Number.parseInt(text.slice(word * 8, word * 8 + 8), 16));

describe("the table of ids", () => {
  it("answers as a Map does, through all its growing", () => {
    const entries = fc.array(fc.tuple(fc.oneof(id, similar), last), { maxLength: 4000, size: "max" });
    fc.assert(
      fc.property(entries, (entries) => {
        const table = new IdTable();
        const map = new Map<string, LastLeaf>();
        for (const [id, leaf] of entries) {
          expect(table.getAt(wordsOf(id), 0)).toEqual(map.get(id));
          table.setAt(wordsOf(id), 0, leaf);
          map.set(id, leaf);
        }
        for (const [id, leaf] of map) expect(table.getAt(wordsOf(id), 0)).toEqual(leaf);
      }),
      { numRuns: 8 },
    );
  });

  it("refuses what its 32 bits cannot hold", () => {
    expect(() => new IdTable().setAt(wordsOf("0".repeat(32)), 0, { index: 2 ** 32, ver: 1, stream: "app" })).toThrow(
      "more leaves",
    );
  });
});
