import type { OverTime } from "../charts/over-time.ts";
import type { Output } from "../client/index.ts";
import { drawnOver } from "./marks.ts";

type Coding = Output<"codingActivity">;

/** What the page can be drawn by: the address names it. */
export const MEASURES = {
  sessions: { label: "Sessions", short: "Sessions", unit: "sessions" },
  lines_added: { label: "Lines added", short: "Lines", unit: "lines" },
  commits: { label: "Commits", short: "Commits", unit: "count" },
  pull_requests: { label: "Pull requests", short: "PRs", unit: "count" },
} as const;

export type Measure = keyof typeof MEASURES;

export function isMeasure(text: string | null): text is Measure {
  return text !== null && Object.hasOwn(MEASURES, text);
}

/** One measure over time; lines that were removed stand below the line. */
export function codingDrawn(answer: Coding, measure: Measure, previous: Coding | undefined): OverTime {
  const { label, unit } = MEASURES[measure];
  return drawnOver(answer.series, {
    unit,
    grain: answer.grain,
    range: answer.range,
    bucket: ({ bucket }) => bucket,
    series:
      measure === "lines_added"
        ? [
            { name: "added", label: "Added", color: "var(--c-1)", value: (row) => row.lines_added },
            {
              name: "removed",
              label: "Removed",
              color: "var(--c-2)",
              value: ({ lines_removed }) => (lines_removed === null ? null : -lines_removed),
            },
          ]
        : [{ name: measure, label, color: "var(--c-1)", value: (row) => row[measure] }],
    previous: previous && { rows: previous.series, value: (row) => row[measure] },
  });
}
