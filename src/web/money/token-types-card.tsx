import { useMemo } from "react";

import type { Output } from "../client/index.ts";
import { labelOf } from "../format/index.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";

type Row = Output<"spend">["tokenTypes"][number];

/** Tokens by their kind, and what the report of costs bills for each. */
export function TokenTypesCard({
  rows,
  problem,
  dimmed,
}: {
  rows: readonly Row[] | undefined;
  problem: unknown;
  dimmed: boolean;
}) {
  const kind = rows?.find(({ costKind }) => costKind !== null)?.costKind ?? null;
  const columns = useMemo(() => columnsOf(kind), [kind]);
  return (
    <Card title="Token types" sentence={kind === null ? "Tokens by kind." : `Tokens by kind, and their ${kind} cost.`}>
      <DataTable
        label="Token types"
        rows={rows}
        columns={columns}
        rowKey={({ type }) => String(type)}
        sort={{ id: "tokens", desc: true }}
        problem={problem}
        dimmed={dimmed}
        empty={<Empty why="No source tells kinds of tokens apart under these filters." />}
      />
    </Card>
  );
}

function columnsOf(kind: string | null): readonly DataColumn<Row>[] {
  return [
    { id: "type", title: "Type", value: ({ type }) => labelOf(String(type), "token_type") },
    { id: "tokens", title: "Tokens", unit: "tokens", value: ({ tokens }) => tokens },
    ...(kind === null
      ? []
      : [
          {
            id: "cost",
            title: "Cost",
            unit: "usd",
            bar: true,
            value: ({ costUsd }) => costUsd,
            reason: () => "not_reported_by_source",
          } satisfies DataColumn<Row>,
        ]),
  ];
}
