import { describe, expect, it } from "vitest";

import {
  addDays,
  bucketsOf,
  changeOf,
  compact,
  dayCount,
  exact,
  formatAgo,
  formatDay,
  formatRange,
  isDay,
  labelOf,
  mondayOf,
  rate,
  reasonText,
} from "./index.ts";

/** With plain spaces: what keeps a number beside its unit is told apart nowhere else. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("compact figures", () => {
  it.each([
    ["12431.55", "usd", "$12.4 k"],
    ["999.49", "usd", "$999"],
    ["999.5", "usd", "$1.0 k"],
    ["99.66", "usd", "$99.66"],
    ["-203.4", "usd", "−$203"],
    ["0", "usd", "$0.00"],
    [1_260_000, "tokens", "1.3 M"],
    [999_950, "tokens", "1.0 M"],
    [123_456, "tokens", "123 k"],
    ["12345678901234567890", "tokens", "12,345,679 T"],
    [54, "people", "54"],
    [12.34, "people", "12.3"],
    [0.4731, "ratio", "47.3%"],
  ] as const)("show %s %s as %s", (value, unit, shown) => {
    expect(plain(compact(value, unit))).toBe(shown);
  });

  it("show a dash for what is not known, and never a zero", () => {
    expect(compact(null, "usd")).toBe("—");
    expect(exact(null, "people")).toBe("—");
    expect(rate(null)).toBe("—");
  });
});

describe("exact figures", () => {
  it.each([
    ["1234567.891", "usd", "$1,234,567.89"],
    ["0.0042", "usd", "$0.0042"],
    ["0.000012", "usd", "$0.00"],
    ["0.005", "usd", "$0.0050"],
    ["2.675", "usd", "$2.68"],
    ["2.665", "usd", "$2.66"],
    ["-12.3", "usd", "−$12.30"],
    ["9007199254740993", "tokens", "9,007,199,254,740,993"],
    [1_234.5, "lines", "1,234.5"],
    [1, "ratio", "100.0%"],
  ] as const)("show %s %s as %s", (value, unit, shown) => {
    expect(exact(value, unit)).toBe(shown);
  });
});

describe("changes", () => {
  it.each([
    ["110", "100", "usd", "up", "+$10.00 (+10.0%)"],
    ["90", "100", "usd", "down", "−$10.00 (−10.0%)"],
    [0.53, 0.5, "ratio", "up", "+3.0 points"],
    [0.5001, 0.5, "ratio", "same", "no change"],
    [4, 0, "people", "new", "new"],
    [0, 0, "people", "same", "no change"],
    ["-50", "-100", "usd", "up", "+$50.00 (+50.0%)"],
    [null, 4, "people", "unknown", "no comparison"],
  ] as const)("from %s over %s in %s are %s: %s", (now, before, unit, direction, text) => {
    const change = changeOf(now, before, unit);
    expect({ ...change, text: plain(change.text) }).toMatchObject({ direction, text });
  });
});

describe("days", () => {
  it.each([
    ["2026-11-01", "2026-11-30", "1–30 Nov 2026"],
    ["2026-10-28", "2026-11-03", "28 Oct – 3 Nov 2026"],
    ["2025-12-30", "2026-01-02", "30 Dec 2025 – 2 Jan 2026"],
    ["2026-11-21", "2026-11-21", "21 Nov 2026"],
  ])("from %s to %s are written %s", (from, to, shown) => {
    expect(formatRange(from, to)).toBe(shown);
  });

  it("of a month are written by its name", () => {
    expect(formatDay("2026-02")).toBe("Feb 2026");
  });

  it.each(["2026-02-30", "2026-2-3", "", "2026-13-01"])("that do not exist, such as %j, are refused", (text) => {
    expect(isDay(text)).toBe(false);
  });

  it("are counted over a leap day and a year's end", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(dayCount("2026-12-31", "2027-01-01")).toBe(2);
    expect(mondayOf("2026-11-22")).toBe("2026-11-16");
  });

  it("fall into buckets without holes", () => {
    expect(bucketsOf("2026-10-31", "2026-11-02", "day")).toEqual(["2026-10-31", "2026-11-01", "2026-11-02"]);
    expect(bucketsOf("2026-11-04", "2026-11-17", "week")).toEqual(["2026-11-02", "2026-11-09", "2026-11-16"]);
    expect(bucketsOf("2026-01-31", "2026-03-01", "month")).toEqual(["2026-01", "2026-02", "2026-03"]);
  });

  it("ago are told in their largest unit", () => {
    expect([59_000, 60_000, 7_200_000, 90_000_000].map(formatAgo)).toEqual([
      "just now",
      "1 minute ago",
      "2 hours ago",
      "1 day ago",
    ]);
  });
});

it("says what has no name", () => {
  expect([labelOf("null", "team"), labelOf("null"), labelOf("opus"), labelOf("fable", "model_family")]).toEqual([
    "No team",
    "None",
    "Opus",
    "Fable",
  ]);
});

it("gives the reason of a code, and leaves a sentence as it is", () => {
  expect(reasonText("suppressed_for_privacy")).toContain("minimum size");
  expect(reasonText("It cannot be split by key.")).toBe("It cannot be split by key.");
  expect(reasonText("unheard_of")).toBe("There is no figure here.");
});
