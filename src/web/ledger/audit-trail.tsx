import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";

import { useAnswer, type Output } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import { Card, DataTable, Empty, ErrorBox, Notice, type DataColumn } from "../ui/index.ts";
import { eventTitle } from "./words.ts";
import "./ledger.css";

type Event = Output<"listAudit">["rows"][number];

const PART = 50;

/** What was done in this Bursar, the latest first, a part at a time. */
export function AuditTrail() {
  // Where each part began, so that one can go back.
  const [starts, setStarts] = useState<readonly (number | null)[]>([null]);
  const before = starts.at(-1) ?? null;
  const answer = useAnswer("listAudit", { limit: PART, ...(before === null ? {} : { before }) });
  const { data } = answer;
  const next = data?.next ?? null;
  return (
    <Card
      title="Audit trail"
      sentence="What was done in this Bursar, by whom and when. Each line is a leaf of the ledger and can be proved."
    >
      {answer.isError ? (
        <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        <>
          {data?.factsHidden === true && (
            <Notice kind="note">What it was done to is hidden from you: it may name single people.</Notice>
          )}
          <DataTable
            label="Audit trail"
            rows={data?.rows}
            columns={data?.factsHidden === true ? WITHOUT_FACTS : COLUMNS}
            rowKey={({ index }) => String(index)}
            dimmed={answer.isPlaceholderData}
            pageSize={PART}
            empty={<Empty why="Nothing was done yet that leaves a trace." />}
          />
          {(starts.length > 1 || next !== null) && (
            <div className="ledger-parts no-print">
              <Button
                size="xs"
                variant="default"
                disabled={starts.length === 1}
                onClick={() => setStarts(starts.slice(0, -1))}
              >
                Show newer
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={next === null}
                onClick={() => next !== null && setStarts([...starts, next])}
              >
                Show older
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  );
}

const COLUMNS: readonly DataColumn<Event>[] = [
  {
    id: "at",
    title: "When",
    value: ({ at }) => at,
    cell: ({ at }) => <span className="day">{formatInstant(at)}</span>,
  },
  {
    id: "event",
    title: "What",
    value: ({ event }) => (event === null ? null : eventTitle(event)),
    cell: ({ event }) =>
      event === null ? (
        <span className="quiet">Its content was erased</span>
      ) : (
        <span className="ledger-by" title={event}>
          {eventTitle(event)}
        </span>
      ),
  },
  {
    id: "by",
    title: "By",
    value: ({ name, by }) => name ?? by,
    reason: () => "Its content was erased.",
    cell: ({ name, by }) => (
      <bdi className="ledger-by" title={by ?? undefined}>
        {name ?? by ?? "—"}
      </bdi>
    ),
  },
  {
    id: "facts",
    title: "Details",
    value: ({ facts }) => factsText(facts),
    reason: () => "It says no more.",
    cell: ({ facts }) => <bdi className="ledger-event">{factsText(facts) ?? "—"}</bdi>,
  },
  {
    id: "index",
    title: "Leaf",
    value: ({ index }) => `${index}`,
    cell: ({ index }) => <Link href={`/ledger?view=prove&leaf=${index}`}>{index}</Link>,
  },
];

const WITHOUT_FACTS = COLUMNS.filter(({ id }) => id !== "facts");

function factsText(facts: Event["facts"]): string | null {
  const told = Object.entries(facts ?? {}).filter(([, value]) => value !== null);
  if (told.length === 0) return null;
  return told.map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`).join(", ");
}
