import { Button } from "@mantine/core";
import { UserPlus } from "lucide-react";
import { useMemo } from "react";
import { Link, useParams } from "wouter";

import { addWorkspaceMember, archiveWorkspace, updateWorkspace } from "../changes/actions.ts";
import { useWanted } from "../changes/use-wanted.tsx";
import { WorkspaceLimits } from "../changes/workspace-limits.tsx";
import { WorkspaceMembers } from "../changes/workspace-members.tsx";
import { useAnswer, useMe } from "../client/index.ts";
import { linkTo } from "../filters/index.ts";
import { exact, formatDay, formatRange } from "../format/index.ts";
import { Card, ErrorBox, Fact, Facts, Notice, Page, Skeleton } from "../ui/index.ts";

/** One workspace: who belongs to it, what limits it, and what can be changed. */
export function WorkspacePage() {
  const { id } = useParams<{ id: string }>();
  const { may } = useMe();
  const answer = useAnswer("listWorkspaces", {});
  const members = useAnswer("listMembers", may("people") ? { limit: 5_000 } : null);
  const { isOffered, want, dialog } = useWanted();
  const found = answer.data?.rows.find((row) => row.id === id);
  const spend = useAnswer(
    "report",
    found === undefined
      ? null
      : { metric: "cost", kind: "net", where: [{ dimension: "workspace", value: found.workspaceId }] },
  );
  const choices = useMemo(
    () =>
      members.data?.rows
        .filter(({ organizationId }) => organizationId === found?.organizationId)
        .map(({ userId, listed, email }) => ({ value: userId, label: `${listed.name} · ${email ?? userId}` })) ?? [],
    [members.data, found?.organizationId],
  );
  if (answer.isError)
    return (
      <Page title="Workspace">
        <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />
      </Page>
    );
  if (answer.data === undefined)
    return (
      <Page title="Workspace">
        <Skeleton height={320} />
      </Page>
    );
  if (found === undefined)
    return (
      <Page title="Workspace">
        <ErrorBox
          what="No workspace of this id is known."
          means="No figure is lost: what a workspace used stays in the reports."
          todo="Find it in the list of workspaces."
        />
        <p>
          <Link href="/workspaces">All workspaces</Link>
        </p>
      </Page>
    );
  const { name, organizationId, isDefault, archivedAt, createdAt, workspaceId } = found;
  const place = { workspaceId: id, organizationId, name };
  const isOpen = archivedAt === null && found.isListed;
  const mayChange = isOffered && isOpen && !isDefault;
  return (
    <Page
      title={name}
      sentence="One workspace: who belongs to it, and what limits it."
      actions={
        mayChange && (
          <>
            <Button size="xs" variant="default" onClick={() => want(updateWorkspace(place))}>
              Change
            </Button>
            <Button size="xs" variant="default" color="red" onClick={() => want(archiveWorkspace(place))}>
              Archive
            </Button>
          </>
        )
      }
    >
      {archivedAt !== null && (
        <Notice kind="note">
          Archived on {formatDay(archivedAt.slice(0, 10))}: nothing of it can be changed any more.
        </Notice>
      )}
      {isDefault && isOffered && (
        <Notice kind="note">
          This is the default workspace: everybody belongs to it, and the API neither renames, limits nor archives it.
        </Notice>
      )}
      <Card title="About">
        <Facts>
          <Fact name="Id" value={<code>{id}</code>} />
          <Fact name="Created" value={createdAt === null ? "not told" : formatDay(createdAt.slice(0, 10))} />
          <Fact name="Active keys" value={exact(found.activeKeys, "count")} />
          <Fact name="Last used" value={found.lastUsed === null ? "not in 400 days" : formatDay(found.lastUsed)} />
          <Fact
            name="Net spend"
            value={
              <Link
                href={linkTo({ page: "/spend", filters: { where: [{ dimension: "workspace", value: workspaceId }] } })}
              >
                {spend.data == null || spend.data.total.value === null
                  ? "What it cost"
                  : `${exact(spend.data.total.value, "usd")}, ${formatRange(spend.data.range.from, spend.data.range.to)}`}
              </Link>
            }
          />
        </Facts>
      </Card>
      {!isDefault && (
        <WorkspaceMembers
          place={place}
          names={members.data?.rows}
          wanting={{ isOffered: mayChange, want }}
          tools={
            mayChange && (
              <Button
                size="xs"
                leftSection={<UserPlus size={14} aria-hidden />}
                onClick={() => want(addWorkspaceMember(place, choices))}
              >
                Add a member
              </Button>
            )
          }
        />
      )}
      {!isDefault && isOpen && <WorkspaceLimits place={place} wanting={{ isOffered: mayChange, want }} />}
      {dialog}
    </Page>
  );
}
