import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  carriedFilters,
  conditionsOf,
  daysOf,
  formatFilters,
  grainOf,
  narrow,
  NARROWINGS,
  NO_FILTERS,
  parseFilters,
  PRESETS,
  isOddWeeks,
  previousDays,
  type Filters,
  type Preset,
} from "./filters.ts";

const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const anyFilters: fc.Arbitrary<Filters> = fc.record({
  range: fc.oneof(
    fc.constantFrom(...(Object.keys(PRESETS) as Preset[])),
    fc.tuple(day, day).map((days) => {
      const [from = "", to = ""] = days.toSorted();
      return { from, to };
    }),
  ),
  grain: fc.constantFrom(null, "day", "week", "month"),
  compare: fc.constantFrom("previous", "weekdays", "none"),
  population: fc.constantFrom(null, "humans", "service", "unmapped", "all"),
  kind: fc.constantFrom(null, "estimated", "list", "net", "notional"),
  asOf: fc.option(day),
  narrowed: fc
    .array(
      fc.tuple(
        fc.constantFrom(...NARROWINGS.map(({ name }) => name)),
        fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1, maxLength: 3 }),
      ),
    )
    .map((entries) => Object.fromEntries(entries)),
});

describe("the filters of an address", () => {
  it("come back as they were written, whatever the names", () => {
    fc.assert(
      fc.property(anyFilters, (filters) => {
        expect(parseFilters(formatFilters(filters))).toEqual(filters);
      }),
    );
  });

  it("are left out where they are the default", () => {
    expect(formatFilters(NO_FILTERS)).toBe("");
    expect(parseFilters("")).toEqual(NO_FILTERS);
  });

  it.each([
    "?range=for-ever",
    "?from=2026-11-09&to=2026-11-01",
    "?from=2026-02-30&to=2026-03-01",
    "?grain=hour&kind=gold",
    "?team=",
  ])("that cannot be read, as in %s, are left at the default", (search) => {
    expect(parseFilters(search)).toEqual(NO_FILTERS);
  });

  it("leave what belongs to the page alone, and carry over without it", () => {
    expect(formatFilters({ ...NO_FILTERS, range: "last-7" }, "?metric=cost&grain=week")).toBe(
      "metric=cost&range=last-7",
    );
    expect(carriedFilters("?metric=cost&team=Platform")).toBe("?team=Platform");
    expect(carriedFilters("?metric=cost")).toBe("");
  });
});

describe("ranges", () => {
  it.each([
    ["last-7", "2026-11-14", "2026-11-20"],
    ["last-30", "2026-10-22", "2026-11-20"],
    ["last-90", "2026-08-23", "2026-11-20"],
    ["this-month", "2026-11-01", "2026-11-20"],
    ["last-month", "2026-10-01", "2026-10-31"],
  ] as const)("%s end at the last complete day", (range, from, to) => {
    expect(daysOf(range, "2026-11-20")).toEqual({ from, to });
  });

  it("are compared with as many days just before", () => {
    expect(previousDays({ from: "2026-11-01", to: "2026-11-30" })).toEqual({ from: "2026-10-02", to: "2026-10-31" });
    expect(previousDays({ from: "2026-03-01", to: "2026-03-01" })).toEqual({ from: "2026-02-28", to: "2026-02-28" });
  });

  it("are compared with the same weekdays of whole weeks before, when that is wanted", () => {
    const november = { from: "2026-11-01", to: "2026-11-30" };
    expect(previousDays(november, "weekdays")).toEqual({ from: "2026-09-27", to: "2026-10-26" });
    const week = { from: "2026-11-02", to: "2026-11-08" };
    expect(previousDays(week, "weekdays")).toEqual(previousDays(week));
    expect([isOddWeeks(november), isOddWeeks(week)]).toEqual([true, false]);
  });

  it.each([
    ["2026-11-01", "2026-11-30", "day"],
    ["2026-06-01", "2026-11-30", "week"],
    ["2024-01-01", "2026-11-30", "month"],
  ])("from %s to %s are drawn by %s unless told otherwise", (from, to, grain) => {
    expect(grainOf(NO_FILTERS, { from, to })).toBe(grain);
    expect(grainOf({ ...NO_FILTERS, grain: "week" }, { from, to })).toBe("week");
  });
});

it("asks by dimension, and for what has no value by null", () => {
  const filters = { ...NO_FILTERS, narrowed: { key: ["k1", "null"], connection: ["main"] } };
  expect(conditionsOf(filters)).toEqual([
    { dimension: "api_key", value: "k1" },
    { dimension: "api_key", value: null },
    { dimension: "connection", value: "main" },
  ]);
  expect(conditionsOf(filters, ["team", "model"])).toEqual([]);
});

it("narrows by one name without touching the others, and widens when nothing is left", () => {
  const both = narrow(narrow(NO_FILTERS, "team", ["a"]), "model", ["m"]);
  expect(narrow(both, "team", []).narrowed).toEqual({ model: ["m"] });
});
