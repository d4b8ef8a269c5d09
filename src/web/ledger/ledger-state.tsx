import { Button } from "@mantine/core";
import { ShieldCheck } from "lucide-react";
import { useMemo } from "react";

import { useOrder, type Output } from "../client/index.ts";
import { exact, formatInstant } from "../format/index.ts";
import { Card, Column, Columns, DataTable, Empty, ErrorBox, Notice, Skeleton, type DataColumn } from "../ui/index.ts";
import { CopyText } from "./copy-text.tsx";
import { KINDS } from "./words.ts";
import "./ledger.css";

type Summary = Output<"ledgerSummary">;
type Verification = NonNullable<Summary["lastVerification"]>;

/** What the last verification found, and what is signed. */
export function LedgerState({ summary }: { summary: Summary | undefined }) {
  const order = useOrder("verifyLedger");
  const last = summary?.lastVerification;
  return (
    <Columns>
      <Column span={7}>
        <Card
          title="Last verification"
          sentence="Every leaf is hashed again, the tree is compared with what was signed, and every row with its record."
          tools={
            <Button
              size="xs"
              leftSection={<ShieldCheck size={14} aria-hidden />}
              loading={order.isPending}
              onClick={() => order.mutate({})}
            >
              Verify now
            </Button>
          }
        >
          {order.isError && (
            <ErrorBox thrown={order.error} means="A large ledger goes on being checked: its result will stand here." />
          )}
          {summary === undefined ? (
            <Skeleton height={260} />
          ) : last == null ? (
            <Empty why="Nobody has verified the ledger from here yet. Bursar checks what it adds as it adds it; this checks all of it." />
          ) : (
            <Found found={last} />
          )}
        </Card>
      </Column>
      <Column span={5}>
        <Card
          title="What is signed"
          sentence="The signature covers every leaf so far. Keep a copy elsewhere: it shows if history is ever rewritten."
        >
          <Signed ledger={summary?.ledger ?? null} />
        </Card>
      </Column>
    </Columns>
  );
}

function Found({ found }: { found: Verification }) {
  const { ok, at, size, rowsChecked, erased, failureCount, failures, leaves } = found;
  const kinds = useMemo(
    () =>
      KINDS.map(({ kind, ...words }) => ({ kind, ...words, count: leaves[kind] ?? 0 })).filter(
        ({ count }) => count > 0,
      ),
    [leaves],
  );
  return (
    <div className="ledger-stack">
      <Notice kind={ok ? "good" : "partial"}>
        {ok
          ? `All ${exact(size, "count")} leaves are as they were signed${rowsChecked === null ? "" : `, and ${exact(rowsChecked, "count")} rows say what their records say`}.`
          : `${exact(failureCount, "count")} ${failureCount === 1 ? "thing is" : "things are"} not as signed. Figures that stand on them are not to be trusted; keep the data folder as it is and look into it.`}{" "}
        <span className="quiet">Checked {formatInstant(at)}.</span>
      </Notice>
      {failures.length > 0 && (
        <ul className="ledger-failures">
          {failures.map(({ file, index, what }) => (
            <li key={`${file} ${index} ${what}`}>
              <code>{file}</code>
              {index === undefined ? "" : ` ${index}`}: {what}
            </li>
          ))}
        </ul>
      )}
      <DataTable label="Leaves by kind" rows={kinds} columns={KIND_COLUMNS} rowKey={({ kind }) => kind} />
      {erased > 0 && (
        <p className="small quiet">
          The content of {exact(erased, "count")} leaves was erased by order; that they were there stays provable.
        </p>
      )}
    </div>
  );
}

interface Kind {
  readonly kind: string;
  readonly title: string;
  readonly says: string;
  readonly count: number;
}

const KIND_COLUMNS: readonly DataColumn<Kind>[] = [
  { id: "title", title: "Kind of leaf", value: ({ title }) => title },
  { id: "says", title: "What it holds", value: ({ says }) => says },
  { id: "count", title: "Leaves", unit: "count", value: ({ count }) => count },
];

function Signed({ ledger }: { ledger: Summary["ledger"] }) {
  if (ledger === null) return <Skeleton height={200} />;
  const { checkpoint, origin, size } = ledger;
  if (checkpoint === null) return <Empty why="Nothing is signed yet. The next sync signs what it adds." />;
  const waiting = size - checkpoint.size;
  return (
    <div className="ledger-stack">
      <dl className="ledger-facts">
        <dt>Log</dt>
        <dd>
          <code>{origin}</code>
        </dd>
        <dt>Signed</dt>
        <dd>
          {exact(checkpoint.size, "count")} leaves, {formatInstant(checkpoint.signedAt)}
        </dd>
        <dt>Waiting</dt>
        <dd>
          {waiting === 0
            ? "none"
            : `${exact(waiting, "count")} ${waiting === 1 ? "leaf" : "leaves"}, until the next sync signs`}
        </dd>
        <dt>Root</dt>
        <dd>
          <code>{checkpoint.root}</code>
        </dd>
      </dl>
      <CopyText label="Checkpoint" text={checkpoint.note} />
      <CopyText
        label={checkpoint.vkeys.length === 1 ? "Public key (vkey)" : "Public keys (vkeys)"}
        text={checkpoint.vkeys.join("\n")}
      />
    </div>
  );
}
