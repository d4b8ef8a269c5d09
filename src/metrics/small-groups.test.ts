import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { hiddenCells, isSmall } from "./small-groups.ts";
import type { Cell } from "./small-groups.ts";

const cell = (dims: readonly (string | null)[], ...people: string[]): Cell => ({ dims, people: new Set(people) });
const crowd = (from: number, count: number) => Array.from({ length: count }, (_, index) => `p${from + index}`);

describe("hidden cells", () => {
  it("are none where every group is large enough", () => {
    expect(hiddenCells([cell(["a"], ...crowd(0, 5)), cell(["b"], ...crowd(5, 9))], 5).cells.size).toBe(0);
  });

  it("show that nobody did anything", () => {
    expect(hiddenCells([cell(["a"]), cell(["b"], ...crowd(5, 9))], 5).cells.size).toBe(0);
  });

  it("take the next smallest group with them, as the total would tell a single one", () => {
    const cells = [cell(["a"], ...crowd(0, 3)), cell(["b"], ...crowd(5, 9)), cell(["c"], ...crowd(20, 7))];
    expect([...hiddenCells(cells, 5).cells].map(({ dims }) => dims[0])).toEqual(["a", "c"]);
  });

  it("hide two small groups by each other only when they are enough people together", () => {
    const shown = cell(["c"], ...crowd(20, 7));
    expect(hiddenCells([cell(["a"], ...crowd(0, 3)), cell(["b"], ...crowd(3, 2)), shown], 5).cells).not.toContain(
      shown,
    );
    expect(hiddenCells([cell(["a"], ...crowd(0, 3)), cell(["b"], ...crowd(1, 2)), shown], 5).cells).toContain(shown);
  });

  it("take the total with them where nothing is left to hide behind", () => {
    expect(hiddenCells([cell(["a"], ...crowd(0, 3))], 5)).toMatchObject({ total: true });
    expect(hiddenCells([cell(["a"], "p1"), cell(["b"], "p2")], 5)).toMatchObject({ total: true });
  });

  const tables = fc
    .array(fc.record({ row: fc.nat(3), column: fc.nat(3), who: fc.nat(25) }), { minLength: 1, maxLength: 80 })
    .map((entries) => {
      const cells = new Map<string, { dims: string[]; people: Set<string> }>();
      for (const { row, column, who } of entries) {
        const key = `${row} ${column}`;
        const own = cells.get(key) ?? { dims: [`r${row}`, `c${column}`], people: new Set<string>() };
        cells.set(key, own);
        own.people.add(`p${who}`);
      }
      return [...cells.values()];
    });

  it("hide every small group, in tables of two dimensions too", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 2, max: 6 }), (cells, minimum) => {
        const { cells: hidden } = hiddenCells(cells, minimum);
        expect(cells.filter((one) => isSmall(one.people.size, minimum) && !hidden.has(one))).toEqual([]);
      }),
    );
  });

  it("leave in every row and column at least two, with enough people behind them, or nothing of the table is shown", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 2, max: 6 }), (cells, minimum) => {
        const { cells: hidden, total } = hiddenCells(cells, minimum);
        if (hidden.size === cells.length) {
          const people = new Set(cells.flatMap((one) => [...one.people]));
          expect(total).toBe(people.size < minimum || cells.length === 1);
          return;
        }
        for (const at of [0, 1]) {
          for (const line of Map.groupBy(cells, ({ dims }) => dims[at]).values()) {
            const own = line.filter((one) => hidden.has(one));
            if (own.length === 0) continue;
            expect(own.length).toBeGreaterThan(1);
            expect(new Set(own.flatMap((one) => [...one.people])).size).toBeGreaterThanOrEqual(minimum);
          }
        }
      }),
    );
  });
});
