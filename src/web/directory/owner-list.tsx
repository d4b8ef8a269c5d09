import { Button } from "@mantine/core";
import { useMemo, useState } from "react";

import { useMe, type Asked, type Output } from "../client/index.ts";
import { compact, rate } from "../format/index.ts";
import { Card, DataTable, Empty, ShowChoice, Skeleton, useShown, type DataColumn } from "../ui/index.ts";
import { NamedCell } from "./named-cell.tsx";
import { OwnerDialog } from "./owner-dialog.tsx";
import { HiddenNotice } from "./read-line.tsx";

type Answer = Output<"listKeyOwners">;
export type OwnedActor = Answer["rows"][number];
type Kind = OwnedActor["owner"]["kind"];

const KINDS: readonly { readonly name: Kind; readonly title: string }[] = [
  { name: "unmapped", title: "No owner" },
  { name: "person", title: "Person" },
  { name: "service", title: "Service" },
];

/** Who stands behind every key, the largest amounts without an owner first, and how much has one. */
export function OwnerList({ answer }: { answer: Asked<"listKeyOwners"> }) {
  const { data } = answer;
  const { may } = useMe();
  const [edited, setEdited] = useState<OwnedActor | null>(null);
  const kind = useShown(KINDS.map(({ name }) => name));
  const mayEdit = may("roster");
  const columns = useMemo(() => columnsOf(mayEdit ? setEdited : null), [mayEdit]);
  const rows = useMemo(() => data?.rows.filter(({ owner }) => kind === "all" || owner.kind === kind), [data, kind]);
  const counts = data?.mapping.keys;
  const all = counts === undefined ? 0 : counts.person + counts.service + counts.unmapped;
  return (
    <Card
      title="Who owns what"
      sentence="What has no owner counts for no person and no team. The largest amounts come first: to name their owner gains most."
    >
      {data === undefined ? <Skeleton height={56} /> : <Coverage mapping={data.mapping} />}
      {counts !== undefined && (
        <ShowChoice
          label="Which keys are listed"
          shown={kind}
          all={all}
          parts={KINDS.map(({ name, title }) => ({ name, title, count: counts[name] }))}
        />
      )}
      <HiddenNotice hidden={data?.hidden ?? 0} of={data?.hidden === 1 ? "key" : "keys"} />
      <DataTable
        key={kind}
        label="Owners of keys"
        rows={rows}
        columns={columns}
        pageSize={25}
        rowKey={({ actor }) => actor}
        dimmed={answer.isPlaceholderData}
        empty={
          <Empty
            why={
              all === 0
                ? "No key was used in this range."
                : (data?.hidden ?? 0) > 0
                  ? "None of them may be listed for you."
                  : "No key is like this."
            }
          />
        }
      />
      {edited !== null && <OwnerDialog of={edited} onClose={() => setEdited(null)} />}
    </Card>
  );
}

/** Two shares, each as a bar with its amounts. */
function Coverage({ mapping: { cost, tokens } }: { mapping: Answer["mapping"] }) {
  return (
    <dl className="coverage">
      <Share
        title="Claude Code cost, estimated"
        share={cost.share}
        text={`${compact(cost.mapped, "usd")} of ${compact(cost.total, "usd")} has an owner, ${compact(cost.unmapped, "usd")} has none.`}
      />
      <Share
        title="Tokens of the Messages API, used with a key"
        share={tokens.share}
        text={`${compact(tokens.mapped, "tokens")} of ${compact(tokens.total, "tokens")} have an owner, ${compact(tokens.unmapped, "tokens")} have none.`}
      />
    </dl>
  );
}

function Share({ title, share, text }: { title: string; share: number | null; text: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span className="coverage-track" aria-hidden>
          <span style={{ width: `${(share ?? 0) * 100}%` }} />
        </span>
        <strong>{rate(share)}</strong>
        <span className="small quiet">{share === null ? "Nothing was used in this range." : text}</span>
      </dd>
    </div>
  );
}

function columnsOf(onEdit: ((row: OwnedActor) => void) | null): DataColumn<OwnedActor>[] {
  return [
    {
      id: "label",
      title: "Key or account",
      value: ({ label }) => label,
      cell: ({ label, keyIds }) => (
        <NamedCell
          name={label.replace(/^key: /, "")}
          below={keyIds.length > 1 ? `${keyIds.length} keys of this name` : keyIds[0]}
        />
      ),
    },
    {
      id: "owner",
      title: "Owner",
      value: ({ owner }) => owner.name,
      cell: ({ owner }) =>
        owner.kind === "unmapped" ? (
          <span className="flag" data-tone="attention">
            No owner
          </span>
        ) : (
          <NamedCell name={owner.name ?? "?"} below={owner.hasLeft ? "has left: name another" : owner.kind} />
        ),
    },
    {
      id: "cost",
      title: "Claude Code, estimated",
      unit: "usd",
      bar: true,
      value: ({ claudeCode }) => claudeCode.cost.estimated,
      reason: () => "Not used with Claude Code in this range, or not yours to see.",
    },
    {
      id: "apiTokens",
      title: "API tokens",
      unit: "tokens",
      bar: true,
      value: ({ apiTokens }) => apiTokens,
      reason: () => "Not used with the Messages API in this range, or not yours to see.",
    },
    {
      id: "lastSeen",
      title: "Last seen",
      value: ({ lastSeen }) => lastSeen,
      reason: () => "Not in the last 400 days.",
    },
    ...(onEdit === null
      ? []
      : [
          {
            id: "edit",
            title: "",
            value: () => null,
            cell: (row: OwnedActor) => (
              <Button size="compact-xs" variant="default" onClick={() => onEdit(row)}>
                {row.owner.kind === "unmapped" ? "Name the owner" : "Change"}
                <span className="visually-hidden"> of {row.label}</span>
              </Button>
            ),
          },
        ]),
  ];
}
