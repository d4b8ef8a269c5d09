import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { metrics, findMetric } from "./catalog/index.ts";
import { candidates } from "./compile.ts";
import { termsOf } from "./define.ts";
import { dimensions, findDimension } from "./dimensions.ts";
import { exports, findExport } from "./exports.ts";
import { costKinds, quantityOf } from "./resolve.ts";
import { tables } from "./tables.ts";

const golden = readFileSync(new URL("../../test/golden/catalog-ids.txt", import.meta.url), "utf8");
const docs = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");

it("keeps the ids of metrics, dimensions and exports that others rely on", () => {
  const lines = [
    ...metrics.map(({ id, unit }) => `metric ${id} ${unit}`),
    ...dimensions.map(({ id }) => `dimension ${id}`),
    ...exports.map(({ id }) => `export ${id}`),
  ];
  expect(`${lines.join("\n")}\n`).toBe(golden);
});

describe.each(metrics)("the metric $id", (metric) => {
  it("is explained in docs/metrics.md, with its formula, unit, description and dimensions", () => {
    const head = `${metric.title} (\`${metric.id}\`)`;
    const section = docs.split(/^### /m).find((part) => part.startsWith(head)) ?? "";
    expect(section, `docs/metrics.md has no section "### ${head}"`).not.toBe("");
    expect(section).toContain(metric.formula);
    expect(section).toContain(`\`${metric.unit}\``);
    expect(section.replaceAll(/\s+/g, " ")).toContain(metric.description);
    for (const id of metric.dimensions) expect(section).toContain(`\`${id}\``);
  });

  it("names dimensions that exist, and reads tables that exist", () => {
    for (const id of metric.dimensions) expect(findDimension(id).id).toBe(id);
    for (const table of metric.tables.filter((name) => name !== "active_days")) expect(tables.has(table)).toBe(true);
    expect(new Set(metric.dimensions).size).toBe(metric.dimensions.length);
  });

  it("can be split by each dimension it names, by some kind and some source", () => {
    const terms = termsOf(metric.measure);
    for (const id of metric.measure.kind === "per_active" ? [] : metric.dimensions) {
      const by = [findDimension(id)];
      const splits = costKinds.some((kind) =>
        terms.every((term) => {
          const quantity = quantityOf(term, kind);
          const needs = { quantities: [quantity], by, where: [], population: false };
          try {
            return candidates(metric.id, quantity, needs, tables, undefined).preferred.length > 0;
          } catch {
            return false;
          }
        }),
      );
      expect([id, splits]).toEqual([id, true]);
    }
  });
});

it.each([
  [() => findMetric("costs"), /metric: costs is unknown/, /cost/],
  [() => findMetric("acceptrate"), /metric: acceptrate is unknown/, /accept_rate/],
  [() => findMetric("active_people"), /metric: active_people is unknown/, /active_users/],
  [() => findDimension("modle"), /by: modle is unknown/, /model/],
  [() => findExport("cost_line"), /export: cost_line is unknown/, /cost_lines/],
])("suggests the nearest id", (find, says, hint) => {
  expect(find).toThrow(says);
  expect(find).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) as string }));
});
