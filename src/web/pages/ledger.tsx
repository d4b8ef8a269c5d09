import { LedgerAnchors } from "../ledger/anchors.tsx";
import { AuditTrail } from "../ledger/audit-trail.tsx";
import { AuditorsPage } from "../ledger/auditors-page.tsx";
import { Evidence } from "../ledger/evidence.tsx";
import { LedgerState } from "../ledger/ledger-state.tsx";
import { ProveRecord } from "../ledger/prove-record.tsx";
import { Restatements } from "../ledger/restatements.tsx";
import { TroubleChoices } from "../ledger/trouble.tsx";
import { now, useAnswer, useMe } from "../client/index.ts";
import { exact, formatAgo, formatInstant } from "../format/index.ts";
import { Card, Empty, ErrorBox, Headline, HeadlineRow, Page, Skeleton, TextHeadline, Views } from "../ui/index.ts";

/** What the record can prove, how, and to whom. */
export function Ledger() {
  const { me, may } = useMe();
  if (me === undefined) return <Skeleton height={400} />;
  return may("audit") ? <Parts /> : <NotAllowed />;
}

const SENTENCE = "What Bursar reads goes into a signed log that nobody can change unnoticed.";

function Parts() {
  const summary = useAnswer("ledgerSummary", {});
  const { data } = summary;
  const ledger = data?.ledger;
  const checkpoint = ledger?.checkpoint ?? null;
  const last = data?.lastVerification;
  return (
    <Page title="Ledger" sentence={SENTENCE}>
      {summary.isError && <ErrorBox thrown={summary.error} onRetry={() => void summary.refetch()} />}
      {data?.trouble != null && <TroubleChoices trouble={data.trouble} />}
      <HeadlineRow>
        <Headline label="Leaves" unit="count" value={data && (ledger?.size ?? 0)} />
        <Headline label="Signed" note="leaves" unit="count" value={data && (checkpoint?.size ?? 0)} />
        <TextHeadline
          label="Last signed"
          text={data && (checkpoint === null ? "Not yet" : formatAgo(now() - Date.parse(checkpoint.signedAt)))}
          below={checkpoint === null ? "The next sync signs it." : formatInstant(checkpoint.signedAt)}
        />
        <TextHeadline
          label="Last verified"
          text={data && (last == null ? "Never" : last.ok ? "In order" : `${exact(last.failureCount, "count")} faults`)}
          tone={last == null ? undefined : last.ok ? "good" : "bad"}
          below={last == null ? "Verify it below." : formatInstant(last.at)}
        />
      </HeadlineRow>
      {data !== undefined && data.ledger === null ? (
        <Card title="Nothing is recorded yet">
          <Empty why="The ledger begins with the first connection: every answer of Anthropic is written into it from then on.">
            <a href="/connect">Connect a key</a>
          </Empty>
        </Card>
      ) : (
        <Views
          label="Parts of the ledger"
          views={[
            { name: "state", title: "State", content: () => <LedgerState summary={data} /> },
            { name: "outside", title: "Outside", content: () => <LedgerAnchors summary={data} /> },
            { name: "prove", title: "Prove a record", content: () => <ProveRecord /> },
            { name: "restated", title: "Restated", content: () => <Restatements /> },
            { name: "take", title: "Take it away", content: () => <Evidence summary={data} /> },
            { name: "trail", title: "Audit trail", content: () => <AuditTrail /> },
            { name: "auditors", title: "For auditors", content: () => <AuditorsPage summary={data} /> },
          ]}
        />
      )}
    </Page>
  );
}

/** The size is no secret; what was done, and the evidence itself, are for who audits. */
function NotAllowed() {
  const { data: status } = useAnswer("status", {});
  const ledger = status?.ledger;
  return (
    <Page title="Ledger" sentence={SENTENCE}>
      <HeadlineRow>
        <Headline label="Leaves" unit="count" value={status && (ledger?.size ?? 0)} />
        <Headline label="Signed" note="leaves" unit="count" value={status && (ledger?.signedSize ?? 0)} />
        <TextHeadline
          label="Last signed"
          text={status && (ledger?.signedAt == null ? "Not yet" : formatAgo(now() - Date.parse(ledger.signedAt)))}
          below={ledger?.signedAt == null ? "" : formatInstant(ledger.signedAt)}
        />
      </HeadlineRow>
      <Restatements />
      <Card title="Proofs and the audit trail">
        <Empty why="Your account may not audit. Admins and auditors may: ask one of them for a proof, or for the role." />
      </Card>
    </Page>
  );
}
