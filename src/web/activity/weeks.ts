import type { OverTime } from "../charts/over-time.ts";
import type { Output } from "../client/index.ts";
import type { DataColumn } from "../ui/index.ts";
import { drawnOver } from "./marks.ts";

type Week = Output<"retention">["weeks"][number];

/** From the first week that was read: what lies before the record is no gap in it. */
export function heldWeeks(weeks: readonly Week[]): readonly Week[] {
  const first = weeks.findIndex(({ active }) => active !== null);
  return first < 0 ? [] : weeks.slice(first);
}

/** Each week's people by where they come from; who left stands below the line. */
export function weeksDrawn(weeks: readonly Week[]): OverTime {
  const rows = weeks.map((week) => ({
    ...week,
    state: week.complete ? ("complete" as const) : week.active === null ? ("missing" as const) : ("partial" as const),
    provisional: false,
  }));
  return drawnOver(rows, {
    unit: "people",
    grain: "week",
    bucket: ({ week }) => week,
    series: [
      { name: "retained", label: "Stayed", color: "var(--c-1)", value: ({ retained }) => retained },
      { name: "resurrected", label: "Came back", color: "var(--c-7)", value: ({ resurrected }) => resurrected },
      { name: "new", label: "New", color: "var(--c-3)", value: (week) => week.new },
      {
        name: "churned",
        label: "Left",
        color: "var(--c-2)",
        value: ({ churned }) => (churned === null ? null : -churned),
      },
    ],
  });
}

const reason = ({ reason }: Week) => reason ?? "not_collected_yet";

export const WEEK_COLUMNS: readonly DataColumn<Week>[] = [
  { id: "week", title: "Week of", value: ({ week }) => week },
  { id: "active", title: "Active", unit: "people", bar: true, value: ({ active }) => active, reason },
  { id: "new", title: "New", unit: "people", value: (week) => week.new, reason },
  { id: "retained", title: "Stayed", unit: "people", value: ({ retained }) => retained, reason },
  { id: "resurrected", title: "Came back", unit: "people", value: ({ resurrected }) => resurrected, reason },
  { id: "churned", title: "Left", unit: "people", value: ({ churned }) => churned, reason },
  {
    id: "returning",
    title: "Returning",
    unit: "ratio",
    value: ({ returningRate }) => returningRate.value,
    reason: ({ returningRate }) => returningRate.reason,
  },
  {
    id: "quick",
    title: "Gained per lost",
    unit: "count",
    value: ({ quickRatio }) => quickRatio.value,
    reason: ({ quickRatio }) => (quickRatio.reason === "zero_denominator" ? "Nobody left." : quickRatio.reason),
  },
];
