import { useMemo } from "react";

import type { Output } from "../client/index.ts";
import { changeOf, exact, formatRange, labelOf, type Unit, type Value } from "../format/index.ts";
import { Card, Column, Columns, DataTable, Empty, type DataColumn } from "../ui/index.ts";

type PersonPage = Output<"personUsage">;

/** What somebody's use was made of: output, models, terminals and tools. */
export function PersonTables({ page, previous }: { page: PersonPage; previous: PersonPage | undefined }) {
  const output = useMemo(() => outputOf(page, previous), [page, previous]);
  return (
    <Columns>
      <Column span={6}>
        <Card
          title="Output"
          sentence={
            previous === undefined ? undefined : `Beside ${formatRange(previous.range.from, previous.range.to)}.`
          }
        >
          <DataTable
            label="Output"
            rows={output}
            columns={previous === undefined ? OUTPUT.slice(0, 2) : OUTPUT}
            rowKey={({ title }) => title}
          />
        </Card>
      </Column>
      <Column span={6}>
        <Card title="By model" sentence="Spend is estimated.">
          <DataTable
            label="Use by model"
            rows={page.byModel}
            columns={MODELS}
            rowKey={({ model }) => String(model)}
            sort={{ id: "tokens", desc: true }}
            empty={<Empty why="No tokens in this range." />}
          />
        </Card>
      </Column>
      <Column span={6}>
        <Card title="By terminal">
          <DataTable
            label="Use by terminal"
            rows={page.byTerminal}
            columns={TERMINALS}
            rowKey={({ terminal }) => String(terminal)}
            sort={{ id: "sessions", desc: true }}
            empty={<Empty why="No sessions in this range." />}
          />
        </Card>
      </Column>
      <Column span={6}>
        <Card title="By tool" sentence="Proposed edits that were accepted or rejected.">
          <DataTable
            label="Decisions by tool"
            rows={page.byTool}
            columns={TOOLS}
            rowKey={({ tool }) => String(tool)}
            sort={{ id: "accepted", desc: true }}
            empty={<Empty why="No edits were proposed in this range." />}
          />
        </Card>
      </Column>
    </Columns>
  );
}

interface OutputRow {
  readonly title: string;
  readonly unit: Unit;
  readonly now: Value;
  readonly before: Value | undefined;
}

function outputOf(page: PersonPage, previous: PersonPage | undefined): OutputRow[] {
  const rows: OutputRow[] = OUTPUT_ROWS.map(({ id, title, unit }) => ({
    title,
    unit,
    now: page.figures[id],
    before: previous?.figures[id],
  }));
  const notional = { now: page.figures.cost.notional, before: previous?.figures.cost.notional };
  // Nobody is billed for it: it is told only of those who use a subscription.
  if (Number(notional.now ?? 0) > 0 || Number(notional.before ?? 0) > 0) {
    rows.push({ title: "By subscription, at API prices", unit: "usd", ...notional });
  }
  return rows;
}

const OUTPUT_ROWS = [
  { id: "commits", title: "Commits", unit: "count" },
  { id: "pullRequests", title: "Pull requests", unit: "count" },
  { id: "accepted", title: "Edits accepted", unit: "count" },
  { id: "rejected", title: "Edits rejected", unit: "count" },
  { id: "linesAdded", title: "Lines added", unit: "lines" },
  { id: "linesRemoved", title: "Lines removed", unit: "lines" },
  { id: "tokens", title: "Tokens", unit: "tokens" },
] as const;

const OUTPUT: readonly DataColumn<OutputRow>[] = [
  { id: "title", title: "What", value: ({ title }) => title },
  {
    id: "now",
    title: "In this range",
    unit: "count",
    value: ({ now }) => now,
    cell: ({ now, unit }) => exact(now, unit),
  },
  {
    id: "before",
    title: "Before",
    unit: "count",
    value: ({ before }) => before ?? null,
    cell: ({ now, before, unit }) => (
      <span title={changeOf(now, before ?? null, unit).text}>{exact(before ?? null, unit)}</span>
    ),
  },
];

const MODELS: readonly DataColumn<PersonPage["byModel"][number]>[] = [
  { id: "model", title: "Model", value: ({ model }) => labelOf(String(model), "model") },
  { id: "tokens", title: "Tokens", unit: "tokens", bar: true, value: ({ tokens }) => tokens },
  {
    id: "cost",
    title: "Spend",
    unit: "usd",
    value: ({ cost }) => cost.estimated,
    reason: () => "not_reported_by_source",
  },
];

const TERMINALS: readonly DataColumn<PersonPage["byTerminal"][number]>[] = [
  { id: "terminal", title: "Terminal", value: ({ terminal }) => labelOf(String(terminal), "terminal") },
  { id: "sessions", title: "Sessions", unit: "sessions", bar: true, value: ({ sessions }) => sessions },
  { id: "commits", title: "Commits", unit: "count", value: ({ commits }) => commits },
  {
    id: "acceptRate",
    title: "Accept rate",
    unit: "ratio",
    value: ({ acceptRate }) => acceptRate,
    reason: () => "zero_denominator",
  },
];

const TOOLS: readonly DataColumn<PersonPage["byTool"][number]>[] = [
  { id: "tool", title: "Tool", value: ({ tool }) => labelOf(String(tool), "tool") },
  { id: "accepted", title: "Accepted", unit: "count", bar: true, value: ({ accepted }) => accepted },
  { id: "rejected", title: "Rejected", unit: "count", value: ({ rejected }) => rejected },
  {
    id: "acceptRate",
    title: "Accept rate",
    unit: "ratio",
    value: ({ acceptRate }) => acceptRate,
    reason: () => "zero_denominator",
  },
];
