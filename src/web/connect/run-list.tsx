import type { Output } from "../client/index.ts";
import { formatInstant, sourceNames } from "../format/index.ts";
import { DataTable, Empty, Pill, type DataColumn } from "../ui/index.ts";
import { outcomeOf } from "./outcome.ts";

type Run = Output<"listRuns">["runs"][number];
type Stream = NonNullable<Run["report"]>["streams"][number];

const COLUMNS: readonly DataColumn<Run>[] = [
  {
    id: "started",
    title: "Began",
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => formatInstant(startedAt),
  },
  { id: "connection", title: "Connection", value: ({ report }) => report?.connection ?? null },
  {
    id: "outcome",
    title: "Outcome",
    value: ({ outcome }) => outcomeOf(outcome).text,
    cell: ({ outcome, report }) => (
      <Pill tone={outcomeOf(outcome).tone} title={whyOf(report) ?? undefined}>
        {outcomeOf(outcome).text}
      </Pill>
    ),
  },
  {
    id: "seconds",
    title: "Seconds",
    unit: "count",
    value: ({ durationMs }) => Math.round(durationMs / 100) / 10,
    text: ({ durationMs }) => (durationMs / 1000).toFixed(1),
  },
  { id: "rows", title: "Rows", unit: "count", value: (run) => sumOf(run, ({ rows }) => rows) },
  { id: "new", title: "New", unit: "count", value: (run) => sumOf(run, (one) => one.new) },
  { id: "changed", title: "Restated", unit: "count", value: (run) => sumOf(run, ({ changed }) => changed) },
  { id: "gone", title: "Gone", unit: "count", value: (run) => sumOf(run, ({ gone }) => gone) },
  {
    id: "why",
    title: "What went wrong",
    value: ({ report }) => whyOf(report),
    reason: () => "Nothing went wrong.",
  },
];

/** The last syncs, the newest first. */
export function RunList({ runs }: { runs: readonly Run[] | undefined }) {
  return (
    <DataTable
      label="Syncs"
      rows={runs}
      columns={COLUMNS}
      rowKey={({ runId }) => runId}
      sort={{ id: "started", desc: true }}
      pageSize={10}
      empty={<Empty why="Nothing was read yet. The first sync is listed here when it has ended." />}
    />
  );
}

function sumOf({ report }: Run, of: (stream: Stream) => number): number | null {
  return report === null ? null : report.streams.reduce((sum, stream) => sum + of(stream), 0);
}

/** `Claude Code: credential refused`: the words of the moment are not kept, the code is. */
function whyOf(report: Run["report"]): string | null {
  const failed = report?.streams.filter(({ failure }) => failure !== null) ?? [];
  const codes = [...new Set(failed.map(({ failure }) => failure!.code))];
  if (codes.length === 0) return null;
  const words = codes.map((code) => (code.split(".")[1] ?? code).replaceAll("_", " ")).join(", ");
  return `${words}, in ${failed.length === 1 ? sourceNames([failed[0]!.stream]) : `${failed.length} streams`}`;
}
