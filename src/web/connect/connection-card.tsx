import { Button } from "@mantine/core";
import { KeyRound, RefreshCw, ShieldQuestion, Unplug } from "lucide-react";
import { useState } from "react";

import { now, useMe, useOrder, type Output } from "../client/index.ts";
import { exact, formatAgo, formatDay, formatInstant } from "../format/index.ts";
import { Card, DataTable, ErrorBox, Fact, Facts, Pill, type DataColumn } from "../ui/index.ts";
import { Checklist, checklistLine } from "./checklist.tsx";
import "./connect.css";
import { DisconnectDialog } from "./disconnect-dialog.tsx";
import { outcomeOf } from "./outcome.ts";
import { RunOutcome } from "./run-outcome.tsx";
import type { Syncs } from "./use-syncs.ts";

type Known = Output<"listConnections">["connections"][number];
type Status = Output<"status">["connections"][number];
type StreamStatus = Status["streams"][number];
type Run = Output<"listRuns">["runs"][number];

interface ConnectionCardProps {
  readonly known: Known;
  readonly status: Status | undefined;
  readonly lastRun: Run | undefined;
  readonly syncs: Syncs;
  readonly onReplace: () => void;
}

const STATES = {
  active: { text: "Connected", tone: "good" },
  invalid: { text: "Key refused", tone: "bad" },
  disconnected: { text: "Disconnected", tone: undefined },
} as const;

const KINDS = { admin: "Admin key", scoped: "Scoped key", personal: "Personal key" } as const;

/** One organization whose key is kept: how it is, how fresh, what is wrong, and what can be done. */
export function ConnectionCard({ known, status, lastRun, syncs, onReplace }: ConnectionCardProps) {
  const { may } = useMe();
  const probe = useOrder("probe");
  const [disconnecting, setDisconnecting] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const { connection, organizationName, state } = known;
  const streams = status?.streams ?? [];
  const through = earliest(streams.map(({ cursor }) => cursor));
  const failing = streams.filter(
    ({ error, state: how }) => error !== null && how !== "not_available" && how !== "refused",
  );
  const shown = STATES[state];
  const checked = probe.data?.connections.find((one) => one.connection === connection);

  const sync = async () => {
    setThrown(null);
    try {
      await syncs.start("sync", { connection });
    } catch (failure) {
      setThrown(failure);
    }
  };

  return (
    <Card
      title={organizationName === "" ? known.organizationId : organizationName}
      sentence={
        <>
          <bdi>{connection}</bdi> · {known.organizationId}
        </>
      }
      tools={<Pill tone={shown.tone}>{shown.text}</Pill>}
    >
      <div className="connection-card">
        <Troubles
          known={known}
          mayReplace={may("credentials")}
          failing={failing}
          gaps={streams.filter(({ gaps }) => gaps.length > 0)}
        />
        <Facts>
          <Fact
            name="Last sync"
            title={lastRun && formatInstant(lastRun.endedAt)}
            value={
              lastRun === undefined
                ? "never"
                : `${agoOf(lastRun.endedAt)}, ${outcomeOf(lastRun.outcome).text.toLowerCase()}`
            }
          />
          <Fact name="Complete through" value={through === null ? "not yet" : formatDay(through)} />
          <Fact
            name="Holds"
            value={known.backfillFrom === null ? "as far back as there is" : `from ${formatDay(known.backfillFrom)} on`}
          />
          <Fact
            name={KINDS[known.kind]}
            value={known.last4 === null ? "destroyed" : `ends in …${known.last4}`}
            title={known.fingerprint === null ? undefined : `Fingerprint ${known.fingerprint}`}
          />
          <Fact
            name={known.rotatedAt === null ? "Connected on" : "Key replaced on"}
            value={formatDay((known.rotatedAt ?? known.createdAt).slice(0, 10))}
          />
          {known.upstream !== "https://api.anthropic.com" && <Fact name="Asks" value={known.upstream} />}
        </Facts>
        {streams.length > 0 && (
          <details>
            <summary>{streamsLine(streams)}</summary>
            <DataTable
              label={`Streams of ${connection}`}
              rows={streams}
              columns={STREAM_COLUMNS}
              rowKey={({ stream }) => stream}
            />
          </details>
        )}
        {thrown !== null && <ErrorBox thrown={thrown} means="No sync was started; what is held stays as it is." />}
        {state === "active" &&
          syncs.run !== null &&
          !syncs.isRunning &&
          syncs.run.exit !== 0 &&
          isAbout(syncs, connection) && <RunOutcome run={syncs.run} connection={connection} />}
        {probe.isError && <ErrorBox thrown={probe.error} means="What was read stays as it is." />}
        {checked !== undefined && (
          <div>
            <p>{checklistLine(checked)}</p>
            <Checklist found={checked} />
          </div>
        )}
        <div className="connection-actions no-print">
          {state === "active" && may("sync") && (
            <Button
              leftSection={<RefreshCw size={15} aria-hidden />}
              disabled={syncs.isRunning}
              onClick={() => void sync()}
            >
              {syncs.isRunning ? "A sync runs" : "Sync now"}
            </Button>
          )}
          {may("credentials") && state !== "disconnected" && (
            <Button
              variant="default"
              leftSection={<ShieldQuestion size={15} aria-hidden />}
              loading={probe.isPending}
              onClick={() => probe.mutate({ connection })}
            >
              Check the key
            </Button>
          )}
          {may("credentials") && (
            <Button
              variant={state === "active" ? "default" : "filled"}
              leftSection={<KeyRound size={15} aria-hidden />}
              onClick={onReplace}
            >
              {state === "disconnected" ? "Connect again" : "Replace key"}
            </Button>
          )}
          {may("credentials") && (
            <Button
              variant="default"
              leftSection={<Unplug size={15} aria-hidden />}
              onClick={() => setDisconnecting(true)}
            >
              {state === "disconnected" ? "Erase what was read" : "Disconnect"}
            </Button>
          )}
        </div>
        {disconnecting && <DisconnectDialog known={known} onClose={() => setDisconnecting(false)} />}
      </div>
    </Card>
  );
}

/** What is wrong, what it means, what to do; nothing when all is well. */
function Troubles({
  known,
  mayReplace,
  failing,
  gaps,
}: {
  known: Known;
  mayReplace: boolean;
  failing: readonly StreamStatus[];
  gaps: readonly StreamStatus[];
}) {
  if (known.state === "invalid") {
    return (
      <ErrorBox
        what="Anthropic refuses this key."
        means="What was read stays. Nothing new is read until the key is replaced."
        todo={
          mayReplace
            ? "Make a new Admin key in the Claude Console (Settings, Admin keys), then press Replace key."
            : "Ask an administrator of this Bursar to replace it."
        }
      />
    );
  }
  if (known.state === "disconnected") {
    return <p className="quiet">The key was destroyed. What was read stays, and nothing new is read.</p>;
  }
  return (
    <>
      {failing.map(({ stream, title, error, lastReadAt }) => (
        <ErrorBox
          key={stream}
          what={`${title}: ${error!.message}`}
          means={lastReadAt === null ? "It was never read." : `What was read until ${formatInstant(lastReadAt)} stays.`}
          {...(error!.hint === null ? {} : { todo: error!.hint })}
          {...(error!.requestId === null ? {} : { detail: `Request ${error!.requestId} of Anthropic` })}
        />
      ))}
      {failing.length === 0 && gaps.length > 0 && (
        <ErrorBox
          what={`Days are missing in ${gaps.map(({ title }) => title).join(", ")}.`}
          means="They are left out of every figure, not counted as zero."
          todo="Press Sync now: it goes on where the last one stopped."
        />
      )}
    </>
  );
}

const STREAM_STATES = {
  ok: "read",
  partial: "in part",
  refused: "refused",
  not_available: "not there",
  failed: "failed",
  waiting: "waits",
} as const;

const STREAM_COLUMNS: readonly DataColumn<StreamStatus>[] = [
  { id: "title", title: "Stream", value: ({ title }) => title },
  {
    id: "state",
    title: "State",
    value: ({ state }) => STREAM_STATES[state],
    cell: ({ state, error, note }) => (
      <Pill
        tone={state === "ok" ? "good" : state === "waiting" ? undefined : "attention"}
        title={error?.message ?? note ?? undefined}
      >
        {STREAM_STATES[state]}
      </Pill>
    ),
  },
  {
    id: "cursor",
    title: "Complete through",
    value: ({ cursor }) => cursor,
    reason: ({ coverage }) => (coverage === null ? "A list: it is read anew each time." : "Not read yet."),
  },
  {
    id: "days",
    title: "Days held",
    unit: "count",
    value: ({ coverage }) => coverage?.covered ?? null,
    reason: ({ coverage }) => (coverage === null ? "A list has no days." : undefined),
  },
  {
    id: "missing",
    title: "Gaps",
    unit: "count",
    value: ({ gaps, coverage }) => (coverage === null ? null : gaps.length),
    reason: () => "A list has no days.",
  },
  {
    id: "read",
    title: "Last read",
    value: ({ lastReadAt }) => lastReadAt,
    reason: () => "Never read.",
    cell: ({ lastReadAt }) =>
      lastReadAt === null ? (
        <span className="quiet">never</span>
      ) : (
        <span title={formatInstant(lastReadAt)}>{agoOf(lastReadAt)}</span>
      ),
  },
];

function streamsLine(streams: readonly StreamStatus[]): string {
  const read = streams.filter(({ state }) => state === "ok").length;
  const rest = streams.length - read;
  return `${exact(read, "count")} of ${exact(streams.length, "count")} streams read${rest === 0 ? "" : `, ${rest} not`}`;
}

function isAbout({ run }: Syncs, connection: string): boolean {
  const progress = run?.progress;
  return (
    typeof progress === "object" &&
    progress !== null &&
    "connection" in progress &&
    progress["connection"] === connection
  );
}

function agoOf(instant: string): string {
  return formatAgo(Math.max(0, now() - Date.parse(instant)));
}

/** Reports only: lists have no days. */
function earliest(days: readonly (string | null)[]): string | null {
  return days.reduce((least, day) => (day === null ? least : least === null || day < least ? day : least), null);
}
