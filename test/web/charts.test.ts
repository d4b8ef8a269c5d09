import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { charts } from "../../src/web/charts/index.ts";
import { colorsOf } from "../../src/web/ui/colors.ts";
import { sparkline } from "../../src/web/ui/sparkline-path.ts";
import type { Chart, ChartTable, Drawn, Tip } from "../../src/web/charts/drawing.ts";
import { canvasOf, textOf } from "./draw.ts";
import { samples, type Sample } from "./samples.ts";

const GOLDEN = new URL("../golden/charts/", import.meta.url);
const named: [string, Sample][] = Object.entries(samples);

/** The sample's chart with its data put in: kind and data belong together by the type of the samples. */
function of({ kind, data }: Sample): {
  draw: (width: number, height: number) => Drawn;
  table: () => ChartTable;
  tip: (key: string) => Tip | null;
} {
  const chart = charts[kind] as Chart<typeof data>;
  return {
    draw: (width, height) => chart.draw(data, canvasOf(width, height)),
    table: () => chart.table(data),
    tip: (key) => chart.tip(data, key),
  };
}

describe.each(named)("%s", (name, sample) => {
  const drawn = of(sample).draw(sample.width, sample.height);

  it("is drawn as it was agreed", async () => {
    await expect(textOf(drawn)).toMatchFileSnapshot(new URL(`${name}.svg`, GOLDEN).pathname);
  });

  it("brings no style element and no style attribute that the page's policy would refuse", () => {
    expect(drawn.svg.querySelectorAll("style, script")).toHaveLength(0);
  });

  it("has no figure that is not a number", () => {
    expect(textOf(drawn)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("says something exact about every part that can be pointed at, within its own frame", () => {
    expect(drawn.regions.length).toBeGreaterThan(0);
    for (const { key, x, y, width, height } of drawn.regions) {
      expect(of(sample).tip(key)?.lines.length).toBeGreaterThan(0);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(sample.width + 0.01);
      expect(y + height).toBeLessThanOrEqual(sample.height + 0.01);
    }
    expect(of(sample).tip("nothing of the kind")).toBeNull();
  });

  it("has a table with a value for every column", () => {
    const { columns, rows } = of(sample).table();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.length !== columns.length)).toEqual([]);
  });
});

it("draws every kind that there is, and keeps no picture of one that is gone", () => {
  expect(new Set(named.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(charts)));
  expect(readdirSync(GOLDEN).toSorted()).toEqual(named.map(([name]) => `${name}.svg`).toSorted());
});

describe("what is not settled", () => {
  const text = textOf(of(samples["stacked-bars"]).draw(800, 280));

  it("is hatched, and a day that was not collected is a hatched gap", () => {
    expect(text).toContain('fill="url(#hatch-over)"');
    expect(text).toContain('fill="url(#hatch-ground)"');
  });

  it("is said in words where it is pointed at", () => {
    const { tip } = of(samples.lines);
    expect(tip("2026-11-07")?.note).toContain("Not collected");
    expect(tip("2026-11-07")?.lines[0]?.text).toBe("—");
    expect(tip("2026-11-13")?.note).toContain("restate");
    expect(tip("2026-11-14")?.note).toContain("Not over");
    expect(tip("2026-11-02")?.note).toBeUndefined();
  });
});

it("adds money in a tip without losing a digit", () => {
  const data = {
    ...samples["stacked-bars"].data,
    buckets: ["2026-11-01"],
    series: [
      { name: "a", label: "a", color: "", values: ["0.1"] },
      { name: "b", label: "b", color: "", values: ["0.2"] },
      { name: "c", label: "c", color: "", values: ["90071992547409.93"] },
    ],
  };
  expect(charts.stackedBars.tip(data, "2026-11-01")?.lines.find(({ label }) => label === "Total")?.text).toBe(
    "$90,071,992,547,410.23",
  );
});

describe("colours", () => {
  it("stay with a family whatever stands beside it", () => {
    expect(colorsOf(["sonnet", "opus"]).get("opus")).toBe(colorsOf(["opus", "haiku", "x"]).get("opus"));
  });

  it("do not repeat within a chart of nine", () => {
    const names = ["opus", "Platform", "Data", "Research", "Web", "Mobile", "Infra", "Legal", "Design"];
    expect(new Set(colorsOf(names).values()).size).toBe(9);
  });

  it("are the same whatever the order of the names", () => {
    const names = ["Platform", "Data", "Research", "Web"];
    expect(colorsOf(names.toReversed())).toEqual(new Map(names.map((name) => [name, colorsOf(names).get(name)])));
  });

  it("are grey for the rest and for nobody", () => {
    expect([...colorsOf(["other", "null", "unmapped"]).values()]).toEqual([
      "var(--c-other)",
      "var(--c-unmapped)",
      "var(--c-unmapped)",
    ]);
  });
});

describe("a sparkline", () => {
  it("leaves a gap open", () => {
    expect(sparkline([1, 2, null, 3, 4], 100, 20).line.match(/M/g)).toHaveLength(2);
  });

  it("of nothing, of one and of equal values is a drawing all the same", () => {
    expect(sparkline([], 100, 20)).toEqual({ line: "", area: "", end: null });
    for (const values of [[5], [0, 0, 0]]) expect(sparkline(values, 100, 20).line).not.toMatch(/NaN|Infinity/);
  });
});
