import { Button } from "@mantine/core";
import { UserPlus } from "lucide-react";
import { Link } from "wouter";

import { invite } from "../changes/actions.ts";
import { useWanted } from "../changes/use-wanted.tsx";
import { InviteList } from "../directory/invite-list.tsx";
import { MemberList } from "../directory/member-list.tsx";
import { useAnswer, useMe } from "../client/index.ts";
import { useFilters } from "../filters/index.ts";
import { Card, Empty, ErrorBox, Headline, HeadlineRow, Page, Skeleton, Views } from "../ui/index.ts";

const MOST = 5_000;
const NO_NARROWINGS = [] as const;

/** Who is a member, who was invited, and who should be neither. */
export function Members() {
  const { me, may } = useMe();
  if (me === undefined) return <Skeleton height={400} />;
  return may("people") ? <Lists /> : <NotAllowed />;
}

function Lists() {
  const { asOf } = useFilters(NO_NARROWINGS).filters;
  const past = asOf === null ? {} : { asOf };
  const members = useAnswer("listMembers", { ...past, limit: MOST });
  const invites = useAnswer("listInvites", past);
  const { isOffered, want, dialog } = useWanted();
  const { data } = members;
  const flagged = (name: string) => data && (data.flags.find(({ flag }) => flag === name)?.members ?? 0);
  const all = data?.roles.reduce((sum, { members }) => sum + members, 0);
  return (
    <Page
      title="Members and invites"
      sentence="Who is a member, who was invited, and who should be neither."
      filters={{ narrowings: NO_NARROWINGS, range: false, population: false }}
      actions={
        isOffered && (
          <>
            <Button size="xs" variant="default" component={Link} href="/off-boarding">
              Off-board somebody
            </Button>
            <Button size="xs" leftSection={<UserPlus size={14} aria-hidden />} onClick={() => want(invite())}>
              Invite somebody
            </Button>
          </>
        )
      }
    >
      {members.isError && <ErrorBox thrown={members.error} onRetry={() => void members.refetch()} />}
      {invites.isError && !members.isError && (
        <ErrorBox thrown={invites.error} onRetry={() => void invites.refetch()} />
      )}
      <HeadlineRow>
        <Headline label="Members" unit="people" value={all} />
        <Headline label="Never active" unit="people" value={flagged("never_active")} />
        <Headline label="Idle for 30 days" unit="people" value={flagged("idle_30_days")} />
        <Headline label="Left, still members" unit="people" value={flagged("left_but_member")} />
        <Headline
          label="Open invitations"
          unit="count"
          value={invites.data && (invites.data.statuses.find(({ status }) => status === "pending")?.invites ?? 0)}
        />
      </HeadlineRow>
      <Views
        label="Members or invitations"
        views={[
          {
            name: "members",
            title: "Members",
            content: () => <MemberList answer={members} wanting={{ isOffered, want }} />,
          },
          {
            name: "invites",
            title: "Invitations",
            content: () => <InviteList answer={invites} wanting={{ isOffered, want }} />,
          },
        ]}
      />
      {dialog}
    </Page>
  );
}

/** Names and addresses: nobody sees them without the permission, not even in number. */
function NotAllowed() {
  return (
    <Page title="Members and invites" sentence="Who is a member of your organizations at Anthropic.">
      <Card title="These lists name single people">
        <Empty why="Your account may not see single people here. That is a permission of its own, beside every role: an admin can give it to you in the settings.">
          <Link href="/teams">See teams instead</Link>
        </Empty>
      </Card>
    </Page>
  );
}
