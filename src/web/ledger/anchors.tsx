import { Button } from "@mantine/core";
import { Send } from "lucide-react";
import { Link } from "wouter";

import { useMe, useOrder, type Output } from "../client/index.ts";
import { formatInstant } from "../format/index.ts";
import {
  Card,
  Column,
  Columns,
  DataTable,
  Empty,
  ErrorBox,
  Notice,
  Pill,
  Skeleton,
  type DataColumn,
} from "../ui/index.ts";
import "./ledger.css";

type Summary = Output<"ledgerSummary">;
type Anchors = Summary["anchors"];
type Row = Anchors["current"][number];

/** Where the signed ledger stands outside this house, in plain words, and what each of it is worth. */
export function LedgerAnchors({ summary }: { summary: Summary | undefined }) {
  if (summary === undefined) return <Skeleton height={320} />;
  const { anchors } = summary;
  return (
    <Columns>
      <Column span={7}>
        <Standing anchors={anchors} />
      </Column>
      <Column span={5}>
        <Worth />
      </Column>
      {anchors.current.length > 0 && (
        <Column span={12}>
          <Card
            title="Checkpoints that were handed over"
            sentence="Of each service the newest, and what waits for one."
          >
            <DataTable
              label="Checkpoints handed over"
              rows={anchors.current}
              columns={COLUMNS}
              rowKey={({ kind, service, size }) => `${kind} ${service} ${size}`}
            />
          </Card>
        </Column>
      )}
    </Columns>
  );
}

function Standing({ anchors }: { anchors: Anchors }) {
  const { may } = useMe();
  const order = useOrder("anchorNow");
  const { states, witnesses, warnings } = anchors;
  const isNothingNamed = anchors.current.length === 0 && witnesses === null;
  return (
    <Card
      title="Where the signed ledger stands"
      sentence="A checkpoint that others hold, or have stamped, shows a history that is rewritten later."
      tools={
        may("sync") && !isNothingNamed ? (
          <Button
            size="xs"
            leftSection={<Send size={14} aria-hidden />}
            loading={order.isPending}
            onClick={() => order.mutate({})}
          >
            Hand over now
          </Button>
        ) : undefined
      }
    >
      <div className="ledger-stack">
        {order.isError && <ErrorBox thrown={order.error} means="Nothing was handed over." />}
        {order.isSuccess && <Outcome outcomes={order.data.outcomes} />}
        {warnings.map(({ code, text }) => (
          <Notice key={`${code} ${text}`} kind="partial">
            {text}
          </Notice>
        ))}
        <ul className="ledger-standing">
          {states.map((state) => (
            <li key={state}>
              <Pill tone={toneOf(state, witnesses)}>{wordOf(state)}</Pill>
              <span>{state}</span>
            </li>
          ))}
        </ul>
        {isNothingNamed && (
          <Empty why="Nobody outside has a checkpoint yet. Whoever holds the signing key could write the history anew, and only somebody with an earlier checkpoint would notice.">
            {may("settings") ? (
              <Link href="/settings?tab=anchors">Name witnesses, time stamps or an auditor</Link>
            ) : (
              "An administrator can name witnesses, time stamps or an auditor in the settings."
            )}
          </Empty>
        )}
      </div>
    </Card>
  );
}

function Outcome({ outcomes }: { outcomes: Output<"anchorNow">["outcomes"] }) {
  const failed = outcomes.filter(({ problem }) => problem !== null);
  if (failed.length === 0) {
    return (
      <Notice kind="good">{outcomes.length === 0 ? "Everybody has it already." : "It was handed to everybody."}</Notice>
    );
  }
  return (
    <Notice kind="partial">
      {failed.length} of {outcomes.length} took nothing: {failed.map(({ problem }) => problem?.message).join(" ")}
    </Notice>
  );
}

/** What is only promised is never green. */
function toneOf(state: string, witnesses: Anchors["witnesses"]): "good" | "attention" | undefined {
  if (state.startsWith("pending")) return "attention";
  if (state.startsWith("witnessed"))
    return witnesses !== null && witnesses.signed >= witnesses.needed ? "good" : "attention";
  return state === "signed only" || state.startsWith("copied") ? undefined : "good";
}

function wordOf(state: string): string {
  if (state.startsWith("pending")) return "Not anchored yet";
  if (state.startsWith("witnessed")) return "Witnesses";
  if (state.startsWith("stamped")) return "Time stamp";
  if (state.startsWith("copied")) return "Copy";
  return state.startsWith("in Bitcoin") ? "Bitcoin" : "Signed";
}

const COLUMNS: readonly DataColumn<Row>[] = [
  { id: "service", title: "Service", value: ({ service }) => service },
  { id: "says", title: "State", value: ({ says }) => says },
  { id: "size", title: "Leaves", unit: "count", value: ({ size }) => size },
  {
    id: "since",
    title: "Since",
    value: ({ since }) => since,
    cell: ({ since }) => formatInstant(since),
  },
  {
    id: "leaf",
    title: "Recorded in leaf",
    unit: "count",
    value: ({ leafIndex }) => leafIndex,
    reason: () => "No leaf records it yet, or it is a copy, which proves itself where it is kept.",
  },
];

function Worth() {
  return (
    <Card title="What each of them shows">
      <div className="ledger-prose">
        <p>
          <strong>A witness</strong> signs one history only. If another is shown to anybody, the witness has not signed
          it.
        </p>
        <p>
          <strong>A time stamp</strong> shows that a checkpoint existed by that time. It does not show that it is the
          only one.
        </p>
        <p>
          <strong>A calendar</strong> promises to put a checkpoint into a Bitcoin block. Until it has, it is pending and
          shows nothing.
        </p>
        <p>
          <strong>An auditor’s copy</strong> shows every later change of what it covers, as long as the auditor keeps
          it.
        </p>
        <p className="quiet">
          None of them shows what was never recorded, or that Anthropic’s figures were right. Recording waits for none
          of them.
        </p>
      </div>
    </Card>
  );
}
