import { Button } from "@mantine/core";
import { Check } from "lucide-react";
import { useState } from "react";
import { Link, useLocation, useSearch } from "wouter";

import { overTime } from "../answers/index.ts";
import { useAnswer, useMe, yesterday, type Output } from "../client/index.ts";
import { BackfillChoice, Checklist, checklistLine, KeyForm, RunOutcome, SyncView, useSyncs } from "../connect/index.ts";
import { addDays } from "../format/index.ts";
import { Card, ChartCard, Column, Columns, Empty, Notice, Page } from "../ui/index.ts";

const STEPS = ["Paste the key", "See what it can read", "Read the past"] as const;
const FRESH_MS = 3_000;

/** From a key to the first chart: paste, prove, choose how much of the past, watch it come. */
export function Connect() {
  const { me, may } = useMe();
  const [, go] = useLocation();
  // What is being read stands in the address: the page can be left and come back to.
  const reading = new URLSearchParams(useSearch()).get("reading");
  const [found, setFound] = useState<Output<"connect"> | null>(null);
  const syncs = useSyncs();
  const step = reading !== null ? 2 : found !== null ? 1 : 0;

  const start = async (from: string) => {
    const { connection } = found!;
    await syncs.start("backfill", { connection, from });
    go(`/connect?reading=${encodeURIComponent(connection)}`);
  };

  return (
    <Page
      title="Connect"
      sentence="Give Bursar an Admin key of your organization. It only reads, and it says what it found before it begins."
    >
      {me !== undefined && !may("credentials") ? (
        <Notice kind="note">
          Keys are connected by an administrator. Ask one of yours, or see{" "}
          <Link href="/connections">what is connected</Link>.
        </Notice>
      ) : (
        <div className="wizard">
          <Steps current={step} />
          {step === 0 && <KeyStep onConnected={setFound} />}
          {step === 1 && found !== null && (
            <>
              <Card
                title={found.organizationName === "" ? found.organizationId : found.organizationName}
                sentence={checklistLine(found)}
              >
                <Checklist found={found} />
              </Card>
              <Card title="Read the past">
                <BackfillChoice onStart={start} />
              </Card>
            </>
          )}
          {reading !== null && <ReadingStep connection={reading} syncs={syncs} />}
        </div>
      )}
    </Page>
  );
}

function Steps({ current }: { current: number }) {
  return (
    <ol className="steps" aria-label="Steps">
      {STEPS.map((title, at) => (
        <li key={title} aria-current={at === current ? "step" : undefined} data-done={at < current || undefined}>
          <span className="steps-mark" aria-hidden>
            {at < current ? <Check size={12} /> : at + 1}
          </span>
          {title}
        </li>
      ))}
    </ol>
  );
}

function KeyStep({ onConnected }: { onConnected: (found: Output<"connect">) => void }) {
  const { data } = useAnswer("listConnections", {});
  const { data: status } = useAnswer("status", {});
  const taken = data?.connections.map(({ connection }) => connection) ?? [];
  const active = data?.connections.filter(({ state }) => state === "active") ?? [];
  return (
    <>
      {status?.vault.locked === true && (
        <Notice kind="partial">
          The vault is locked ({status.vault.reason}). A key cannot be kept until the server is started with the
          key-encryption key of this data folder.
        </Notice>
      )}
      {active.length > 0 && (
        <Notice kind="note">
          {active.map(({ organizationName, connection }) => organizationName || connection).join(", ")}{" "}
          {active.length === 1 ? "is" : "are"} connected already. To replace a key, go to{" "}
          <Link href="/connections">Connections</Link>; here you connect a further organization.
        </Notice>
      )}
      <Columns>
        <Column span={7}>
          <Card title="Paste the key">
            {/* Drawn once the names that are taken are known: the field's first value does not change later. */}
            {data !== undefined && (
              <KeyForm suggestion={freeName(taken)} verb="Connect key" onConnected={onConnected} />
            )}
          </Card>
        </Column>
        <Column span={5}>
          <Card title="Where the key comes from">
            <ol className="explained">
              <li>
                Open the Claude Console as an administrator of the organization: Settings, <em>Admin keys</em>.
              </li>
              <li>Make a key named “Bursar”. It is shown once; copy it whole.</li>
              <li>
                Paste it here. Bursar asks each stream for one entry to see what the key opens, and seals the key with a
                key of its own. It is never shown again, written to a log or sent anywhere but to Anthropic.
              </li>
            </ol>
          </Card>
        </Column>
      </Columns>
    </>
  );
}

function ReadingStep({ connection, syncs }: { connection: string; syncs: ReturnType<typeof useSyncs> }) {
  const { run, isRunning, isQueued } = syncs;
  const busy = isRunning || isQueued;
  const to = yesterday();
  const from = addDays(to, -29);
  const spend = useAnswer(
    "report",
    { metric: "cost", grain: "day", by: ["model_family"], from, to },
    busy ? { refetchEvery: FRESH_MS } : {},
  );
  const connections = useAnswer("listConnections", {});
  const known = connections.data?.connections.find((one) => one.connection === connection);
  const isEmpty = spend.data !== undefined && spend.data.rows.length === 0;
  return (
    <>
      <Card
        title={busy ? `Reading ${known?.organizationName || connection}` : known?.organizationName || connection}
        sentence={busy ? "You can leave this page: the server goes on without it." : undefined}
      >
        {run === null ? (
          <Empty why="Nothing is being read right now.">
            <Link href="/connections">See the connections</Link>
          </Empty>
        ) : (
          <div className="connection-card">
            <SyncView syncs={syncs} withStreams />
            {!busy && (
              <RunOutcome run={run} connection={connection}>
                {isEmpty
                  ? "Everything was read. The organization is connected, but it has used nothing in these days: charts fill as soon as somebody does."
                  : "Everything was read. From now on Bursar looks for new data by itself."}
              </RunOutcome>
            )}
            {!busy && (
              <div className="connection-actions">
                <Button component={Link} href="/" variant={run.exit === 4 ? "default" : "filled"}>
                  Open the overview
                </Button>
                {run.exit === 0 && (
                  <Button component={Link} href="/people" variant="default">
                    Add teams and people
                  </Button>
                )}
              </div>
            )}
          </div>
        )}
      </Card>
      <ChartCard
        title="Spend in the last 30 days"
        sentence={busy ? "It fills while the days come in, the newest first." : undefined}
        chart={spend.data && { kind: "stackedBars", data: overTime(spend.data, { by: "model_family" }) }}
        metrics={["cost"]}
        source={spend.data?.source}
        problem={busy ? undefined : spend.error}
        empty={
          <Empty
            why={
              busy
                ? "The first day comes in a moment."
                : "No spend in these days: the organization has used nothing that Anthropic charges for."
            }
          />
        }
        height={240}
      />
    </>
  );
}

/** `main`, and a number behind it when there is one already. */
function freeName(taken: readonly string[]): string {
  for (let at = 1; ; at += 1) {
    const name = at === 1 ? "main" : `main-${at}`;
    if (!taken.includes(name)) return name;
  }
}
