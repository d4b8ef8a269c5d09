import { useMemo } from "react";

import type { Output } from "../client/index.ts";
import { changeOf, exact, labelOf } from "../format/index.ts";
import { DataTable, Empty, type DataColumn } from "../ui/index.ts";

type Table = Output<"spendBy">["table"];
type Row = Table["rows"][number];

interface SpendTableProps {
  readonly table: Table | undefined;
  readonly label: string;
  readonly href?: (row: Row) => string;
  readonly onPick?: ((row: Row) => void) | undefined;
  readonly problem?: unknown;
  readonly onRetry?: () => void;
  readonly dimmed?: boolean;
  /** Name, amount and change alone, for a place beside others. */
  readonly short?: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  model: "Model",
  model_family: "Model family",
  workspace: "Workspace",
  api_key: "API key",
  team: "Team",
  person: "Person",
  terminal: "Terminal",
  organization: "Organization",
  population: "Kind of user",
};

/** What a dimension is called at the head of a column. */
export function dimensionWord(dimension: string): string {
  return WORDS[dimension] ?? dimension.replaceAll("_", " ");
}

/** Who or what spent how much, what it was before, and what those that are not listed come to. */
export function SpendTable({ table, label, href, onPick, problem, onRetry, dimmed, short = false }: SpendTableProps) {
  const columns = useMemo(() => (table === undefined ? [] : columnsOf(table, short)), [table, short]);
  if (table !== undefined && table.unavailable !== null && table.rows.length === 0) {
    return <Empty why={sentence(table.unavailable)} />;
  }
  return (
    <>
      <DataTable
        key={table?.dimension ?? ""}
        label={label}
        rows={table?.rows}
        columns={columns}
        rowKey={({ key }) => String(key)}
        sort={{ id: "value", desc: true }}
        {...(href === undefined ? {} : { href })}
        {...(onPick === undefined ? {} : { onPick })}
        problem={problem}
        onRetry={onRetry}
        dimmed={dimmed ?? false}
        pageSize={short ? 8 : 25}
        empty={<Empty why="Nothing was spent in this range." />}
      />
      {table?.rest != null && (
        <p className="small quiet">
          {exact(table.rest.members, "count")} more{" "}
          {table.rest.value === null
            ? "are listed nowhere, and some of them are hidden"
            : `${table.rest.members === 1 ? "comes" : "come"} to ${exact(table.rest.value, table.unit)}`}
          .
        </p>
      )}
    </>
  );
}

function columnsOf(
  { dimension, metric, unit, total, previousTotal }: Table,
  short: boolean,
): readonly DataColumn<Row>[] {
  const name: DataColumn<Row> = {
    id: "name",
    title: dimensionWord(dimension),
    value: ({ key, name }) => labelOf(name ?? String(key), dimension),
  };
  const amount: DataColumn<Row> = {
    id: "value",
    title: metric === "cost" ? "Spend" : "Tokens",
    unit,
    bar: true,
    value: ({ value }) => value,
    reason: ({ reason }) => reason ?? undefined,
    ...(short ? {} : { total }),
  };
  const change: DataColumn<Row> = {
    id: "change",
    title: "Change",
    unit,
    value: ({ change }) => change?.absolute ?? null,
    cell: ({ value, previous }) => <ChangeText value={value} previous={previous} unit={unit} />,
  };
  if (short) return [name, amount, change];
  const share: DataColumn<Row> = { id: "share", title: "Share", unit: "ratio", value: ({ share }) => share };
  const previous: DataColumn<Row> = {
    id: "previous",
    title: "Before",
    unit,
    value: ({ previous }) => previous,
    ...(previousTotal === null ? {} : { total: previousTotal }),
  };
  const changeOfAll = { totalCell: <ChangeText value={total} previous={previousTotal} unit={unit} /> };
  return [name, amount, share, previous, { ...change, ...(previousTotal === null ? {} : changeOfAll) }];
}

function ChangeText({
  value,
  previous,
  unit,
}: {
  value: Row["value"];
  previous: Row["previous"];
  unit: Table["unit"];
}) {
  const { text, exact: before, direction } = changeOf(value, previous, unit);
  if (direction === "unknown") {
    return (
      <span className="quiet" title="The period before is not held whole.">
        —
      </span>
    );
  }
  return (
    <span className={direction === "same" ? "quiet" : undefined} title={before}>
      {text}
    </span>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
