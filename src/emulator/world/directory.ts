import { inventLimits } from "./limits.ts";
import { DAY_MS, HOUR_MS, stampText } from "./calendar.ts";
import { hasLeft, type Person } from "./people.ts";
import { chance, idOf } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { ApiKey, Directory, Invite, User, WorkspaceMember } from "./types.ts";

/** The organization's lists as they stand when the emulator's clock starts, each newest first. */
export function inventDirectory(setting: Setting): Directory {
  const members = setting.people.filter((person) => person.isMember && person.joinedAt <= setting.lastOffset);
  const present = members.filter((person) => !hasLeft(person, setting.lastOffset));
  return {
    organization: { id: setting.organizationId, type: "organization", name: setting.organizationName },
    users: newestFirst(
      present.map((person) => userOf(setting, person)),
      (user) => user.added_at,
    ),
    removedUsers: members
      .filter((person) => hasLeft(person, setting.lastOffset))
      .map((person) => userOf(setting, person)),
    invites: newestFirst(inventInvites(setting), (invite) => invite.invited_at),
    workspaces: newestFirst(Object.values(setting.workspaces), (workspace) => workspace.created_at),
    defaultWorkspaceId: setting.workspaces.Default.id,
    members: inventMembers(setting, present),
    apiKeys: newestFirst(keysOf(setting), (key) => key.created_at),
    serviceAccountIds: [...setting.serviceAccountIds],
    ...inventLimits(setting),
  };
}

function newestFirst<Item>(items: readonly Item[], stamp: (item: Item) => string): Item[] {
  return items.toSorted((a, b) => (stamp(a) < stamp(b) ? 1 : stamp(a) > stamp(b) ? -1 : 0));
}

function userOf(setting: Setting, person: Person): User {
  const { id, email, name, role } = person;
  return { id, type: "user", email, name, role, added_at: joinedAt(setting, person) };
}

function joinedAt(setting: Setting, person: Person): string {
  const minute = chance(setting.seed, "joined", person.index).int(0, 8 * HOUR_MS);
  return stampText((setting.firstDay + person.joinedAt) * DAY_MS + 8 * HOUR_MS + minute);
}

function keysOf(setting: Setting): ApiKey[] {
  const machines = [...setting.ciKeys, ...setting.runnerKeys].map(({ key }) => key);
  const apps = setting.appKeys.flatMap(({ key }) => (key === null ? [] : [key]));
  const now = stampText(setting.startsAt);
  return [...setting.personKeys.values(), ...machines, ...apps].filter((key) => key.created_at < now);
}

/** People still to come are invited; newcomers of the history accepted theirs; one old invite was never taken. */
function inventInvites(setting: Setting): Invite[] {
  const domain = setting.people[0]?.email.split("@")[1] ?? "";
  const invites = setting.people
    .filter((person) => person.isMember && person.joinedAt > 0)
    .map((person) => inviteOf(setting, person.email, person.role, person.joinedAt - 2, person.joinedAt));
  invites.push(inviteOf(setting, `forgotten.colleague@${domain}`, "developer", -60, Infinity));
  invites.push(inviteOf(setting, `new.colleague@${domain}`, "claude_code_user", setting.lastOffset - 1, Infinity));
  return invites.filter((invite) => invite.invited_at < stampText(setting.startsAt));
}

const INVITE_LASTS_DAYS = 21;

function inviteOf(setting: Setting, email: string, role: string, invitedOn: number, acceptedOn: number): Invite {
  const invitedAt = (setting.firstDay + invitedOn) * DAY_MS + 10 * HOUR_MS;
  const expiresAt = invitedAt + INVITE_LASTS_DAYS * DAY_MS;
  const isAccepted = acceptedOn <= setting.lastOffset;
  return {
    id: idOf("invite_", setting.seed, email),
    type: "invite",
    email,
    role,
    status: isAccepted ? "accepted" : expiresAt <= setting.startsAt ? "expired" : "pending",
    invited_at: stampText(invitedAt),
    expires_at: stampText(expiresAt),
    accepted_at: isAccepted ? stampText((setting.firstDay + acceptedOn) * DAY_MS + 8 * HOUR_MS) : null,
    rbac_group_ids: [],
  };
}

/** Explicit memberships only: whether inherited ones are listed is not documented. The default workspace has none. */
function inventMembers(setting: Setting, present: readonly Person[]): WorkspaceMember[] {
  return Object.entries(setting.workspaces).flatMap(([name, workspace]) => {
    if (workspace.id === setting.workspaces.Default.id) return [];
    const isForAll = workspace.id === setting.workspaces["Claude Code"].id;
    return present.flatMap((person) => {
      const dice = chance(setting.seed, "member", name, person.index);
      const belongs = isForAll ? person.startsAt <= setting.lastOffset : dice.isLucky(0.12);
      if (!belongs || person.role === "admin" || person.role === "billing") return [];
      return [
        {
          type: "workspace_member" as const,
          workspace_id: workspace.id,
          user_id: person.id,
          workspace_role: dice.weigh(ROLES),
        },
      ];
    });
  });
}

const ROLES = [
  ["workspace_developer", 70],
  ["workspace_user", 15],
  ["workspace_restricted_developer", 7],
  ["workspace_admin", 8],
] as const;
