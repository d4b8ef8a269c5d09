import { useMemo } from "react";

import { withdrawInvite } from "../changes/actions.ts";
import { actionColumn, type Offering } from "../changes/use-wanted.tsx";
import type { Asked, Output } from "../client/index.ts";
import { Card, Column, Columns, DataTable, Empty, ShowChoice, useShown, type DataColumn } from "../ui/index.ts";
import { CareCard, Flags, flagsText, useFlag } from "./flag-list.tsx";
import { FLAG_ORDER } from "./flags.ts";
import { NamedCell } from "./named-cell.tsx";
import { readLine } from "./read-line.tsx";
import { sentenceCase } from "./words.ts";

type Invite = Output<"listInvites">["rows"][number];
type OwnFlag = Invite["flags"][number];

/** Every invitation with its age, and what is odd. */
export function InviteList({
  answer,
  wanting: { isOffered, want },
}: {
  answer: Asked<"listInvites">;
  wanting: Offering;
}) {
  const { data } = answer;
  const [flag] = useFlag<OwnFlag>();
  const status = useShown();
  const rows = useMemo(
    () =>
      data?.rows.filter(
        (invite) =>
          (flag === null || invite.flags.includes(flag)) &&
          (status === "all" || (invite.status ?? "unknown") === status),
      ),
    [data, flag, status],
  );
  const columns = useMemo(
    () => [
      ...COLUMNS,
      ...actionColumn<Invite>({ isOffered, want }, nameOf, (one) =>
        // What was accepted or has expired is over.
        one.status === "pending" ? [{ verb: "Withdraw…", harmful: true, wanted: withdrawal(one) }] : [],
      ),
    ],
    [isOffered, want],
  );
  const counts = useMemo(() => data && countsOf(data.rows), [data]);
  const all = data?.rows.length ?? 0;
  return (
    <Columns>
      <Column span={12}>
        <CareCard title="What wants care" of="invitations" counts={counts} />
      </Column>
      <Column span={12}>
        <Card title="Invitations" sentence={readLine(data?.listReadAt)}>
          {data !== undefined && data.statuses.length > 1 && (
            <ShowChoice
              label="Invitations in which state"
              shown={status}
              all={all}
              parts={data.statuses.map(({ status, invites }) => ({
                name: status,
                title: sentenceCase(status),
                count: invites,
              }))}
            />
          )}
          <DataTable
            key={`${flag} ${status}`}
            label="Invitations"
            rows={rows}
            columns={columns}
            rowKey={({ inviteId }) => inviteId}
            sort={{ id: "invitedAt", desc: true }}
            dimmed={answer.isPlaceholderData}
            empty={<Empty why={all === 0 ? "Nobody is invited now." : "No invitation is like this."} />}
          />
        </Card>
      </Column>
    </Columns>
  );
}

function countsOf(invites: readonly Invite[]): { flag: OwnFlag; count: number }[] {
  const counts = new Map<OwnFlag, number>();
  for (const { flags } of invites) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return FLAG_ORDER.flatMap((flag) => {
    const found = [...counts].find(([name]) => name === flag);
    return found === undefined ? [] : [{ flag: found[0], count: found[1] }];
  });
}

function nameOf({ name, email, inviteId }: Pick<Invite, "name" | "email" | "inviteId">): string {
  return name ?? email ?? inviteId;
}

function withdrawal(one: Invite) {
  const { inviteId, organizationId } = one;
  return withdrawInvite({ inviteId, organizationId, who: nameOf(one) });
}

const COLUMNS: readonly DataColumn<Invite>[] = [
  {
    id: "email",
    title: "Invited",
    value: ({ email }) => email,
    cell: ({ email, name, inviteId }) => (
      <NamedCell name={nameOf({ name, email, inviteId })} below={name === null ? null : email} />
    ),
  },
  {
    id: "flags",
    title: "What is odd",
    value: ({ flags }) => flagsText(flags),
    cell: ({ flags }) => <Flags flags={flags} />,
  },
  { id: "status", title: "Status", value: ({ status }) => (status === null ? null : sentenceCase(status)) },
  { id: "role", title: "Role", value: ({ role }) => (role === null ? null : sentenceCase(role)) },
  { id: "team", title: "Team", value: ({ team }) => team, reason: () => "Not in the list of people." },
  {
    id: "invitedAt",
    title: "Invited on",
    value: ({ invitedAt }) => invitedAt?.slice(0, 10) ?? null,
    reason: () => "Not told by the source.",
  },
  {
    id: "ageDays",
    title: "Age, days",
    unit: "count",
    value: ({ ageDays }) => ageDays,
    reason: () => "Not told by the source.",
  },
  {
    id: "expiresAt",
    title: "Expires",
    value: ({ expiresAt }) => expiresAt?.slice(0, 10) ?? null,
    reason: () => "Not told by the source.",
  },
  {
    id: "acceptedAt",
    title: "Accepted",
    value: ({ acceptedAt }) => acceptedAt?.slice(0, 10) ?? null,
    reason: () => "Not accepted.",
  },
];
