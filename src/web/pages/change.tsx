import { Button } from "@mantine/core";
import { Download } from "lucide-react";
import { Link, useLocation, useParams } from "wouter";

import { ChangeCourse, useChange } from "../changes/change-course.tsx";
import { summaryText } from "../changes/summary-text.ts";
import { usePlan } from "../changes/use-plan.ts";
import { useWrites } from "../changes/use-writes.ts";
import { ASKED, headingOf, STATES, THROUGH } from "../changes/words.ts";
import { WritingIsOff } from "../changes/writing-is-off.tsx";
import { Problem, useMe, type Output } from "../client/index.ts";
import { eventTitle } from "../ledger/words.ts";
import { saveText } from "../ledger/save-text.ts";
import { formatInstant } from "../format/index.ts";
import { Card, Empty, ErrorBox, Fact, Facts, Page, Pill, Skeleton } from "../ui/index.ts";

type Known = Output<"getChange">;

/** One change: what it would do, whether it is approved, and what became of it. Assistants send their people here. */
export function ChangePage() {
  const { id } = useParams<{ id: string }>();
  const { me } = useMe();
  const { mayManage, isOn } = useWrites();
  if (me === undefined) return <Skeleton height={400} />;
  if (!mayManage) return <NotAllowed />;
  return <Known key={id} id={id} isOff={isOn === false} />;
}

function Known({ id, isOff }: { id: string; isOff: boolean }) {
  const { change, error, refetch } = useChange(id);
  const { plan } = usePlan();
  const { may } = useMe();
  const [, go] = useLocation();
  if (change === undefined) {
    return (
      <Page title="A change at Anthropic">
        {error === null ? (
          <Skeleton height={320} />
        ) : isUnknown(error) ? (
          <ErrorBox
            what="There is no such change."
            means="It may belong to another tenant, or the address was copied in part."
            todo="Look for it in the list of changes, or ask the assistant for the address again."
          />
        ) : (
          <ErrorBox thrown={error} onRetry={() => void refetch()} />
        )}
        <p>
          <Link href="/changes">All changes</Link>
        </p>
      </Page>
    );
  }
  const { kind, arguments: given, organizationId, state } = change;
  const again = async () => {
    const next = await plan({ kind, arguments: given, organization: organizationId });
    go(`/changes/${next.id}`);
  };
  const isOver = STATES[state].group !== "waiting";
  return (
    <Page
      title={headingOf(change)}
      sentence={
        isOver
          ? "What was planned, who decided about it, and what became of it."
          : "Exactly this would be sent to Anthropic, and nothing else; not before a person approves it."
      }
      actions={
        isOver && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() => saveText(`bursar-${id}.txt`, summaryText(change))}
          >
            Save the summary
          </Button>
        )
      }
    >
      {isOff && <WritingIsOff />}
      <About change={change} />
      <Card title="What it does">
        {/* Arguments that are hidden from the caller cannot be given again. */}
        <ChangeCourse change={change} onAgain={may("people") && !isOff ? again : undefined} />
      </Card>
      {kind === "offboard_member" && isOver && <WhatNow change={change} />}
      <p>
        <Link href="/changes">All changes</Link>
      </p>
    </Page>
  );
}

function About({ change }: { change: Known }) {
  const { state, organization, plannedBy, plannedAt, expiresAt, decision, endedAt, leaves } = change;
  const { may } = useMe();
  const isOpen = state === "planned" || state === "approved";
  return (
    <Card title="About" tools={<Pill tone={STATES[state].tone}>{STATES[state].label}</Pill>}>
      <Facts>
        <Fact name="Organization" value={<bdi>{organization}</bdi>} />
        <Fact
          name="Planned by"
          value={
            <>
              <bdi>{plannedBy.name ?? plannedBy.by}</bdi>, {THROUGH[plannedBy.through]}
            </>
          }
          title={plannedBy.by}
        />
        <Fact name="Planned" value={formatInstant(plannedAt)} />
        {isOpen && <Fact name="Valid until" value={formatInstant(expiresAt)} />}
        {decision !== null && (
          <Fact
            name={decision.answer === "approved" ? "Approved by" : "Declined by"}
            value={
              <>
                <bdi>{decision.name ?? decision.by}</bdi>, {ASKED[decision.how]}, {formatInstant(decision.at)}
              </>
            }
            title={decision.by}
          />
        )}
        {endedAt !== null && <Fact name="Ended" value={formatInstant(endedAt)} />}
      </Facts>
      <ul className="change-leaves" aria-label="In the ledger">
        {leaves.length === 0 && (
          <li>
            Its leaves are further back: <Link href="/ledger?view=trail">the audit trail</Link> has them.
          </li>
        )}
        {leaves.map(({ index, event, at }) => (
          <li key={index} title={formatInstant(at)}>
            {eventTitle(event)}:{" "}
            {may("audit") ? <Link href={`/ledger?view=prove&leaf=${index}`}>leaf {index}</Link> : `leaf ${index}`}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** After an off-boarding: what somebody still has is looked at anew, at Anthropic. */
function WhatNow({ change }: { change: Known }) {
  const person = change.steps.find(({ target }) => target.kind === "user")?.target.id;
  if (person == null) return null;
  const query = new URLSearchParams({ person, organization: change.organizationId });
  return (
    <Card title="Afterwards" sentence="What was left in use is ended once somebody has taken it over.">
      <p>
        <Link href={`/off-boarding?${query.toString()}`}>Check again what they have</Link>
      </p>
    </Card>
  );
}

function isUnknown(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 422);
}

function NotAllowed() {
  return (
    <Page title="A change at Anthropic">
      <Card title="Not yours to decide">
        <Empty why="Deciding about changes at Anthropic is a permission of the role admin, and your account lacks it. Send this address to an admin: a plan counts for five minutes.">
          <Link href="/">Go to the overview</Link>
        </Empty>
      </Card>
    </Page>
  );
}
