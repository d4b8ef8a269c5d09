import { useMemo } from "react";

import { changeRole, removeMember } from "../changes/actions.ts";
import { actionColumn, type Offering } from "../changes/use-wanted.tsx";
import type { Asked, Output } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { exact } from "../format/index.ts";
import { Card, Column, Columns, DataTable, Empty, Notice, ShowChoice, useShown, type DataColumn } from "../ui/index.ts";
import { CareCard, Flags, flagsText, useFlag } from "./flag-list.tsx";
import { NamedCell } from "./named-cell.tsx";
import { readLine } from "./read-line.tsx";
import { sentenceCase } from "./words.ts";

type Answer = Output<"listMembers">;
type Member = Answer["rows"][number];
type OwnFlag = Answer["flags"][number]["flag"];

/** Every member with role, team and last use, and what is odd. */
export function MemberList({
  answer,
  wanting: { isOffered, want },
}: {
  answer: Asked<"listMembers">;
  wanting: Offering;
}) {
  const { data } = answer;
  const [flag] = useFlag<OwnFlag>();
  const role = useShown();
  const rows = useMemo(
    () =>
      data?.rows.filter(
        (member) =>
          (flag === null || member.flags.includes(flag)) && (role === "all" || (member.role ?? "unknown") === role),
      ),
    [data, flag, role],
  );
  const columns = useMemo(
    () => [
      ...COLUMNS,
      ...actionColumn<Member>(
        { isOffered, want },
        ({ listed }) => listed.name,
        (member) => [
          { verb: "Change the role…", wanted: changeRole(member) },
          { verb: "Off-board…", href: offBoarding(member) },
          { verb: "Remove…", harmful: true, wanted: removeMember(member) },
        ],
      ),
    ],
    [isOffered, want],
  );
  const counts = useMemo(() => data?.flags.map(({ flag, members }) => ({ flag, count: members })), [data]);
  const all = data?.roles.reduce((sum, { members }) => sum + members, 0) ?? 0;
  return (
    <Columns>
      <Column span={12}>
        <CareCard title="What wants care" of="members" counts={counts} />
      </Column>
      <Column span={12}>
        <Card title="Members" sentence={readLine(data?.listReadAt)}>
          {data !== undefined && data.roles.length > 1 && (
            <ShowChoice
              label="Members of which role"
              shown={role}
              all={all}
              parts={data.roles.map(({ role, members }) => ({
                name: role,
                title: sentenceCase(role),
                count: members,
              }))}
            />
          )}
          {data !== undefined && data.next !== null && (
            <Notice kind="partial">The first {exact(data.rows.length, "count")} members are listed here.</Notice>
          )}
          <DataTable
            key={`${flag} ${role}`}
            label="Members"
            rows={rows}
            columns={columns}
            rowKey={({ organizationId, userId }) => `${organizationId} ${userId}`}
            sort={{ id: "name", desc: false }}
            href={({ listed }) =>
              `/people/${encodeURIComponent(listed.personId ?? listed.person)}${carriedFilters(globalThis.location.search)}`
            }
            dimmed={answer.isPlaceholderData}
            empty={
              all === 0 ? (
                <Empty why="No member was read yet. They come with the first sync of a connection.">
                  <a href="/connections">See the connections</a>
                </Empty>
              ) : (
                <Empty why="No member is like this." />
              )
            }
          />
        </Card>
      </Column>
    </Columns>
  );
}

function offBoarding({ userId, organizationId }: Member): string {
  return `/off-boarding?${new URLSearchParams({ person: userId, organization: organizationId }).toString()}`;
}

const COLUMNS: readonly DataColumn<Member>[] = [
  {
    id: "name",
    title: "Member",
    value: ({ listed }) => listed.name,
    cell: ({ listed, email }) => <NamedCell name={listed.name} below={email === listed.name ? null : email} />,
  },
  {
    id: "flags",
    title: "What is odd",
    value: ({ flags }) => flagsText(flags),
    cell: ({ flags }) => <Flags flags={flags} />,
  },
  { id: "role", title: "Role", value: ({ role }) => (role === null ? null : sentenceCase(role)) },
  { id: "team", title: "Team", value: ({ listed }) => listed.team, reason: () => "In no team of the list of people." },
  {
    id: "lastActive",
    title: "Last active",
    value: ({ lastActive }) => lastActive,
    reason: () => "Never with Claude Code, in all that is held.",
  },
  {
    id: "addedAt",
    title: "Member since",
    value: ({ addedAt }) => addedAt?.slice(0, 10) ?? null,
    reason: () => "Not told by the source.",
  },
  { id: "workspaces", title: "Workspaces", unit: "count", value: ({ workspaces }) => workspaces },
  { id: "keysCreated", title: "Keys made", unit: "count", value: ({ keysCreated }) => keysCreated },
];
