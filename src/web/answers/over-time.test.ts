import { describe, expect, it } from "vitest";

import type { Output } from "../client/index.ts";
import { overTime } from "./over-time.ts";

type Report = Output<"report">;

function report(over: Partial<Report>): Report {
  return {
    metric: "cost",
    title: "Cost",
    unit: "usd",
    range: { from: "2026-11-01", to: "2026-11-04", grain: "day", timezone: "UTC" },
    by: [],
    where: [],
    kind: "estimated",
    population: "all",
    activeRule: null,
    denominator: null,
    source: ["claude_code"],
    rows: [],
    total: { value: "0", source: "claude_code" },
    completeThrough: "2026-11-04",
    asOf: "2026-11-05",
    coverage: { days: 4, covered: 4, partial: 0, missing: [], heldFrom: "2026-11-01" },
    provisional: [],
    unmapped: { actors: 0, names: [], value: "0", share: 0 },
    unpriced: { models: [], tokens: 0 },
    conflicted: 0,
    warnings: [],
    ...over,
  };
}

const row = (day: string, value: string | number | null, rest: object = {}) => ({
  day,
  value,
  source: "claude_code",
  ...rest,
});

describe("a report over time", () => {
  it("marks what is kept back, so that the rest is not taken for the whole", () => {
    const kept = { model_family: "fable", reason: "suppressed_for_privacy" };
    const { series } = overTime(
      report({ rows: [row("2026-11-01", "5", { model_family: "haiku" }), row("2026-11-01", null, kept)] }),
      { by: "model_family" },
    );
    expect(series.map(({ label, isHidden }) => [label, isHidden])).toEqual([
      ["Haiku", undefined],
      ["Fable", true],
    ]);
  });

  it("tells a quiet day from one that was not collected", () => {
    const { series, marks } = overTime(
      report({
        rows: [row("2026-11-01", "5")],
        coverage: {
          days: 4,
          covered: 3,
          partial: 0,
          missing: [{ from: "2026-11-03", to: "2026-11-03" }],
          heldFrom: null,
        },
        provisional: ["2026-11-04"],
      }),
    );
    expect(series[0]?.values).toEqual(["5", 0, null, 0]);
    expect(marks).toEqual(["settled", "settled", "missing", "provisional"]);
  });

  it("has no rate on a day without anything to divide", () => {
    const { series } = overTime(report({ unit: "ratio", rows: [row("2026-11-01", 0.5)] }));
    expect(series[0]?.values).toEqual([0.5, null, null, null]);
  });

  it("puts the largest first and the smallest together, last", () => {
    const rows = ["a", "b", "c", "d"].flatMap((team, at) => [row("2026-11-01", String(at + 1), { team })]);
    const { series } = overTime(report({ by: ["team"], rows }), { by: "team", most: 3 });
    expect(series.map(({ name, values }) => [name, Number(values[0])])).toEqual([
      ["d", 4],
      ["c", 3],
      ["other", 3],
    ]);
  });

  it("names what has no value", () => {
    const { series } = overTime(report({ rows: [row("2026-11-01", "1", { team: null })] }), { by: "team" });
    expect(series[0]).toMatchObject({ name: "null", label: "No team", color: "var(--c-unmapped)" });
  });

  it("lays the period before over this one by its place, not its date", () => {
    const previous = report({
      range: { from: "2026-10-28", to: "2026-10-31", grain: "day", timezone: "UTC" },
      rows: [row("2026-10-29", "7")],
    });
    expect(overTime(report({}), { previous }).previous?.values).toEqual([0, "7", 0, 0]);
  });

  it("shows a week or a month that the range cuts off as partial", () => {
    const range = { from: "2026-11-02", to: "2026-11-11", grain: "week", timezone: "UTC" } as const;
    expect(overTime(report({ range })).marks).toEqual(["settled", "partial"]);
    const months = { from: "2026-10-01", to: "2026-11-30", grain: "month", timezone: "UTC" } as const;
    expect(overTime(report({ range: months })).marks).toEqual(["settled", "settled"]);
    const begun = { from: "2026-10-20", to: "2026-11-30", grain: "month", timezone: "UTC" } as const;
    expect(overTime(report({ range: begun })).marks).toEqual(["partial", "settled"]);
  });
});
