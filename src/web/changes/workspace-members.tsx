import { useMemo, type ReactNode } from "react";
import { Link } from "wouter";

import { useAnswer, useMe, type Output } from "../client/index.ts";
import { NamedCell } from "../directory/named-cell.tsx";
import { readLine } from "../directory/read-line.tsx";
import { sentenceCase } from "../directory/words.ts";
import { Card, DataTable, Empty, type DataColumn } from "../ui/index.ts";
import { changeWorkspaceRole, removeWorkspaceMember, type Place } from "./actions.ts";
import { actionColumn, type Offering } from "./use-wanted.tsx";

interface Belongs {
  readonly userId: string;
  readonly who: string;
  readonly email: string | null;
  readonly role: string | null;
}

/** Who belongs to a workspace, with their roles there. */
export function WorkspaceMembers({
  place,
  names,
  wanting: { isOffered, want },
  tools,
}: {
  place: Place;
  /** Members of the organization; undefined until they are known, or where they may not be. */
  names: Output<"listMembers">["rows"] | undefined;
  wanting: Offering;
  tools: ReactNode;
}) {
  const { may } = useMe();
  const { workspaceId, organizationId } = place;
  const answer = useAnswer(
    "adminPeople",
    may("people") ? { kind: "workspace_members", workspace: workspaceId, organization: organizationId } : null,
  );
  const rows = useMemo(() => {
    const known = new Map(names?.map((member) => [member.userId, member]));
    return answer.data?.rows.map(({ object }): Belongs => {
      const userId = textOf(object["user_id"]) ?? "";
      const member = known.get(userId);
      return {
        userId,
        who: member?.listed.name ?? userId,
        email: member?.email ?? null,
        role: textOf(object["workspace_role"]),
      };
    });
  }, [answer.data, names]);
  const columns = useMemo(
    () => [
      ...COLUMNS,
      ...actionColumn<Belongs>(
        { isOffered, want },
        ({ who }) => who,
        (row) => [
          { verb: "Change the role…", wanted: changeWorkspaceRole(place, row) },
          { verb: "Remove from the workspace…", harmful: true, wanted: removeWorkspaceMember(place, row) },
        ],
      ),
    ],
    // The place is made anew each time, and is the same as long as its members are.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [isOffered, want, workspaceId, organizationId, place.name],
  );
  if (!may("people"))
    return (
      <Card title="Members">
        <Empty why="Your account may not see single people here. That is a permission of its own, beside every role.">
          <Link href="/teams">See teams instead</Link>
        </Empty>
      </Card>
    );
  return (
    <Card title="Members" sentence={readLine(answer.data?.readAt)} tools={tools}>
      <DataTable
        label="Members of the workspace"
        rows={rows}
        columns={columns}
        rowKey={({ userId }) => userId}
        sort={{ id: "who", desc: false }}
        problem={answer.error}
        onRetry={() => void answer.refetch()}
        dimmed={answer.isPlaceholderData}
        empty={<Empty why="Nobody was added to it. Admins of the organization are in every workspace all the same." />}
      />
    </Card>
  );
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

const COLUMNS: readonly DataColumn<Belongs>[] = [
  {
    id: "who",
    title: "Member",
    value: ({ who }) => who,
    cell: ({ who, email }) => <NamedCell name={who} below={email === who ? null : email} />,
  },
  { id: "role", title: "Role there", value: ({ role }) => (role === null ? null : sentenceCase(role)) },
];
