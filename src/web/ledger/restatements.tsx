import { TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "wouter";

import { now, useAnswer, type Output } from "../client/index.ts";
import { addDays, dayOf, exact, formatDay, formatRange, isDay, type Value } from "../format/index.ts";
import { Card, DataTable, Empty, ErrorBox, Notice, type DataColumn } from "../ui/index.ts";
import "./ledger.css";

type Answer = Output<"restatements">;
type Total = Answer["totals"][number];
type Row = Answer["rows"][number];
type Change = Row["changes"][number];

/** Before what day one looks, when nobody chose one. */
const USUAL_DAYS = 30;

/** What the source said otherwise later: by stream, and record by record. The day stands in the address. */
export function Restatements() {
  const [params, setParams] = useSearchParams();
  const asked = params.get("since") ?? "";
  const since = isDay(asked) ? asked : addDays(dayOf(now()), -USUAL_DAYS);
  const found = useAnswer("restatements", { since });
  const totals = useMemo(() => found.data?.totals.flatMap(linesOf), [found.data]);
  const rows = useMemo(() => found.data?.rows.flatMap(changesOf), [found.data]);
  const change = (day: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (isDay(day)) after.set("since", day);
      return after;
    });
  return (
    <div className="ledger-stack">
      <Card
        title="What was restated"
        sentence={`What was known at the end of ${formatDay(since)}, against now${found.data ? `, of ${formatRange(found.data.range.from, found.data.range.to)}` : ""}.`}
        tools={
          <TextInput
            type="date"
            size="xs"
            aria-label="Known on"
            value={since}
            onChange={(event) => change(event.currentTarget.value)}
          />
        }
      >
        {found.isError ? (
          <ErrorBox thrown={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <DataTable
            label="Restated totals"
            rows={totals}
            columns={TOTALS}
            rowKey={({ stream, quantity }) => `${stream} ${quantity}`}
            dimmed={found.isPlaceholderData}
            empty={
              <Empty why="The source has changed nothing of those days since. Every figure is as it was known then." />
            }
          />
        )}
        <p className="small quiet">
          Streams report the same use more than once, so their totals are not added together. Names are today's.
        </p>
      </Card>
      {found.data?.keysHidden === true && found.data.totals.length > 0 && (
        <Notice kind="partial">Single records name people, and are shown to those who may see individuals.</Notice>
      )}
      {rows !== undefined && rows.length > 0 && (
        <Card
          title="Record by record"
          {...(found.data!.more > 0 ? { sentence: `${exact(found.data!.more, "count")} more are not listed.` } : {})}
        >
          <DataTable label="Restated records" rows={rows} columns={ROWS} rowKey={({ id }) => id} />
        </Card>
      )}
    </div>
  );
}

interface Line {
  readonly stream: string;
  readonly records: number;
  readonly days: number;
  readonly quantity: string;
  readonly unit: Change["unit"];
  readonly before: Value;
  readonly after: Value;
  readonly difference: Value;
}

function linesOf({ stream, records, days, changes }: Total): Line[] {
  return changes.map(({ quantity, before, after, difference, unit }) => ({
    stream: words(stream),
    records,
    days,
    quantity: words(quantity),
    unit,
    before,
    after,
    difference,
  }));
}

function changesOf({ stream, key, day, kind, versions, recordedAt, changes }: Row) {
  return changes.map(({ quantity, before, after, difference, unit }) => ({
    id: `${stream} ${day} ${key.join(" ")} ${quantity}`,
    day,
    record: `${words(stream)}: ${key.slice(1).join(", ") || "the whole day"}`,
    kind,
    version: versions.after,
    recorded: recordedAt.slice(0, 10),
    quantity: words(quantity),
    unit,
    before,
    after,
    difference,
  }));
}

function words(id: string): string {
  return id.replaceAll("_", " ");
}

const AMOUNTS = [
  { id: "quantity", title: "What", value: ({ quantity }: Amounts) => quantity },
  {
    id: "before",
    title: "Then",
    value: ({ before }: Amounts) => before,
    unit: "count",
    text: ({ before, unit }: Amounts) => exact(before, unit),
  },
  {
    id: "after",
    title: "Now",
    value: ({ after }: Amounts) => after,
    unit: "count",
    text: ({ after, unit }: Amounts) => exact(after, unit),
  },
  {
    id: "difference",
    title: "Difference",
    value: ({ difference }: Amounts) => difference,
    unit: "count",
    text: ({ difference, unit }: Amounts) => exact(difference, unit),
  },
] as const;

type Amounts = Pick<Line, "quantity" | "before" | "after" | "difference" | "unit">;

const TOTALS: readonly DataColumn<Line>[] = [
  { id: "stream", title: "Stream", value: ({ stream }) => stream },
  { id: "records", title: "Records", value: ({ records }) => records, unit: "count" },
  { id: "days", title: "Days", value: ({ days }) => days, unit: "count" },
  ...AMOUNTS,
];

const ROWS: readonly DataColumn<ReturnType<typeof changesOf>[number]>[] = [
  { id: "day", title: "Day", value: ({ day }) => day },
  { id: "record", title: "Record", value: ({ record }) => record },
  { id: "kind", title: "Became", value: ({ kind }) => kind },
  ...AMOUNTS,
  { id: "recorded", title: "Recorded", value: ({ recorded }) => recorded },
  { id: "version", title: "Version", value: ({ version }) => version, unit: "count" },
];
