import type { Heat } from "../charts/heat-map.ts";
import type { OverTime } from "../charts/over-time.ts";
import type { Output } from "../client/index.ts";
import { formatDayShort, labelOf } from "../format/index.ts";
import type { DataColumn } from "../ui/index.ts";
import { drawnOver } from "./marks.ts";

type Actions = Output<"actions">;
type TeamRow = Output<"actionsByTeam">["teams"][number];

/** Decisions over time, the accepted ones below the rejected ones. */
export function decisionsDrawn(answer: Actions, previous: Actions | undefined): OverTime {
  return drawnOver(answer.series, {
    unit: "count",
    note: "edit decisions",
    grain: answer.grain,
    range: answer.range,
    bucket: ({ bucket }) => bucket,
    series: [
      { name: "accepted", label: "Accepted", color: "var(--c-1)", value: ({ accepted }) => accepted },
      { name: "rejected", label: "Rejected", color: "var(--c-2)", value: ({ rejected }) => rejected },
    ],
    previous: previous && { rows: previous.series, value: ({ decisions }) => decisions },
  });
}

/** The accept rate over time, with the period before. */
export function acceptRateDrawn(answer: Actions, previous: Actions | undefined): OverTime {
  return drawnOver(answer.series, {
    unit: "ratio",
    grain: answer.grain,
    range: answer.range,
    bucket: ({ bucket }) => bucket,
    series: [{ name: "rate", label: "Accept rate", color: "var(--c-1)", value: ({ acceptRate }) => acceptRate.value }],
    previous: previous && { rows: previous.series, value: ({ acceptRate }) => acceptRate.value },
  });
}

/** Accept rates in rows by tool and columns by week. */
export function toolWeeks({ tools, toolSeries, series }: Actions): Heat {
  const rows = tools.map(({ tool }) => ({ name: String(tool), label: labelOf(String(tool), "tool") }));
  const labels = new Map(rows.map(({ name, label }) => [name, label]));
  return {
    unit: "ratio",
    note: "accepted, by week",
    rows,
    columns: series.map(({ bucket }) => ({ name: bucket, label: formatDayShort(bucket) })),
    cells: toolSeries
      .filter(({ acceptRate }) => acceptRate.value !== null)
      .map(({ tool, bucket, acceptRate, decisions, accepted }) => ({
        row: String(tool),
        column: bucket,
        value: acceptRate.value,
        title: `${labels.get(String(tool)) ?? String(tool)}, week of ${formatDayShort(bucket)}: ${accepted ?? "—"} of ${decisions ?? "—"}`,
      })),
    written: true,
    most: 1,
  };
}

type Decider = Pick<Actions["populations"][number], "accepted" | "rejected" | "decisions" | "acceptRate">;

const rate = ({ acceptRate }: Pick<Decider, "acceptRate">) => acceptRate;

const DECISIONS: readonly DataColumn<Decider>[] = [
  {
    id: "rate",
    title: "Accept rate",
    unit: "ratio",
    bar: true,
    value: (row) => rate(row).value,
    reason: (row) => rate(row).reason,
  },
  { id: "accepted", title: "Accepted", unit: "count", value: ({ accepted }) => accepted },
  { id: "rejected", title: "Rejected", unit: "count", value: ({ rejected }) => rejected },
];

export const POPULATION_COLUMNS: readonly DataColumn<Actions["populations"][number]>[] = [
  { id: "who", title: "Who", value: ({ population }) => labelOf(population, "population") },
  ...DECISIONS,
];

export const TERMINAL_COLUMNS: readonly DataColumn<Actions["terminals"][number]>[] = [
  { id: "where", title: "Where", value: ({ kind }) => (kind === "interactive" ? "At a terminal" : "Non-interactive") },
  ...DECISIONS,
];

type ToolRow = Actions["tools"][number];

const hidden = ({ acceptRate }: ToolRow) => acceptRate.reason;

export const TOOL_COLUMNS: readonly DataColumn<ToolRow>[] = [
  { id: "tool", title: "Tool", value: ({ tool }) => labelOf(String(tool), "tool") },
  { id: "rate", title: "Accept rate", unit: "ratio", bar: true, value: (row) => rate(row).value, reason: hidden },
  {
    id: "before",
    title: "Before",
    unit: "ratio",
    value: ({ previousAcceptRate }) => previousAcceptRate.value,
    reason: ({ previousAcceptRate }) => previousAcceptRate.reason,
  },
  { id: "decisions", title: "Decisions", unit: "count", value: ({ decisions }) => decisions, reason: hidden },
];

const why = ({ reason }: TeamRow) => reason;

export const TEAM_ACTION_COLUMNS: readonly DataColumn<TeamRow>[] = [
  { id: "team", title: "Team", value: ({ team }) => labelOf(String(team), "team") },
  {
    id: "rate",
    title: "Accept rate",
    unit: "ratio",
    bar: true,
    value: (row) => rate(row).value,
    reason: (row) => row.reason ?? row.acceptRate.reason,
  },
  { id: "accepted", title: "Accepted", unit: "count", value: ({ accepted }) => accepted, reason: why },
  { id: "rejected", title: "Rejected", unit: "count", value: ({ rejected }) => rejected, reason: why },
  { id: "people", title: "People", unit: "people", value: ({ activePeople }) => activePeople, reason: why },
  {
    id: "day",
    title: "Per active day",
    unit: "count",
    value: ({ acceptedPerActiveDay }) => acceptedPerActiveDay.value,
    reason: (row) => row.reason ?? row.acceptedPerActiveDay.reason,
  },
];
