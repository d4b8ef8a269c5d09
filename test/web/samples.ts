import type { charts } from "../../src/web/charts/index.ts";
import type { OverTime } from "../../src/web/charts/over-time.ts";
import { bucketsOf } from "../../src/web/format/index.ts";

type Charts = typeof charts;
export type Sample = {
  [K in keyof Charts]: { kind: K; data: Parameters<Charts[K]["draw"]>[0]; width: number; height: number };
}[keyof Charts];

const buckets = bucketsOf("2026-11-01", "2026-11-14", "day");
const spend = (base: number) => buckets.map((_, at) => (at === 6 ? null : String(base + ((at * 37) % 23))));

const overTime: OverTime = {
  unit: "usd",
  note: "estimated",
  grain: "day",
  buckets,
  // A gap, two days that may be restated, and today's half.
  marks: buckets.map((_, at) => (at === 6 ? "missing" : at === 13 ? "partial" : at >= 11 ? "provisional" : "settled")),
  series: [
    { name: "opus", label: "Opus", color: "var(--c-1)", values: spend(60) },
    { name: "sonnet", label: "Sonnet", color: "var(--c-2)", values: spend(25) },
    {
      name: "other",
      label: "Other",
      color: "var(--c-other)",
      values: buckets.map((_, at) => (at === 6 ? null : "4.5")),
    },
  ],
  previous: { label: "Period before", values: buckets.map((_, at) => String(90 + ((at * 11) % 31))) },
};

const rates: OverTime = {
  ...overTime,
  unit: "ratio",
  note: "of decisions",
  series: overTime.series.slice(0, 2).map((series, at) => ({
    ...series,
    values: buckets.map((_, i) => (i === 6 ? null : 0.8 - at * 0.2 + ((i * 7) % 5) / 50)),
  })),
  previous: { label: "Period before", values: buckets.map(() => 0.74) },
};

const weeks = ["w0", "w1", "w2", "w3"];

/** One of each, with what is awkward about it: gaps, nulls, negatives, long and right-to-left names. */
export const samples = {
  "stacked-bars": { kind: "stackedBars", data: overTime, width: 800, height: 280 },
  "stacked-bars-narrow": {
    kind: "stackedBars",
    data: { ...overTime, level: { label: "Budget", value: 140 } },
    width: 328,
    height: 240,
  },
  lines: { kind: "lines", data: rates, width: 800, height: 240 },
  "lines-narrow": { kind: "lines", data: rates, width: 328, height: 240 },
  bars: {
    kind: "bars",
    data: {
      unit: "usd",
      note: "net",
      bars: [
        { name: "a", label: "Platform", value: "1234.5", previous: "900" },
        {
          name: "b",
          label: "A workspace whose name has eighty characters, which is more than any bar has room for",
          value: "400",
        },
        { name: "c", label: "פיתוח", value: null },
        { name: "d", label: "Credit", value: "-50" },
      ],
    },
    width: 600,
    height: 148,
  },
  "heat-map": {
    kind: "heatMap",
    data: {
      unit: "ratio",
      note: "of the cohort",
      written: true,
      most: 1,
      rows: weeks.map((name, at) => ({ name, label: `Week ${at + 1}` })),
      columns: weeks.map((name, at) => ({ name, label: `+${at}` })),
      cells: weeks.flatMap((row, i) =>
        weeks.slice(0, 4 - i).map((column, at) => ({ row, column, value: i === 1 && at === 2 ? null : 1 - at * 0.3 })),
      ),
    },
    width: 480,
    height: 152,
  },
  funnel: {
    kind: "funnel",
    data: {
      unit: "people",
      steps: [
        { name: "invited", label: "Invited", value: 120 },
        { name: "session", label: "First session", value: 84 },
        { name: "commit", label: "First commit", value: 30, note: "Median 6 days." },
        { name: "unknown", label: "Not told", value: null },
      ],
    },
    width: 600,
    height: 188,
  },
  share: {
    kind: "share",
    data: {
      unit: "tokens",
      parts: [
        { name: "humans", label: "People", value: 700, color: "var(--c-1)" },
        { name: "service", label: "Services", value: 290, color: "var(--c-4)" },
        { name: "unmapped", label: "Unmapped", value: 10, color: "var(--c-unmapped)" },
      ],
    },
    width: 600,
    height: 64,
  },
} satisfies Readonly<Record<string, Sample>>;
