import type { Output } from "../client/index.ts";

/** What may be odd about a key, a workspace, a member or an invitation. */
export type Flag =
  | Output<"listApiKeys">["flags"][number]["flag"]
  | Output<"listWorkspaces">["rows"][number]["flags"][number]
  | Output<"listMembers">["flags"][number]["flag"]
  | Output<"listInvites">["rows"][number]["flags"][number];

interface Words {
  readonly label: string;
  /** What it means and what to do. */
  readonly says: string;
  readonly tone?: "bad" | "attention";
}

export const FLAGS: Readonly<Record<Flag, Words>> = {
  creator_left: {
    label: "Creator left",
    says: "Whoever made it is no longer a member. It goes on working: give it an owner or disable it.",
    tone: "bad",
  },
  owner_left: { label: "Owner left", says: "Its owner is no longer with you. Give it another one.", tone: "bad" },
  expired: { label: "Expired", says: "Its last day is over.", tone: "bad" },
  left_but_member: {
    label: "Left, still a member",
    says: "The list of people says they left. Remove them in the Claude Console.",
    tone: "bad",
  },
  left: { label: "Left", says: "The list of people says they left. Withdraw the invitation.", tone: "bad" },
  archived_with_active_keys: {
    label: "Archived, keys active",
    says: "The workspace is archived, yet keys of it are listed as active.",
    tone: "bad",
  },
  expires_soon: { label: "Expires soon", says: "Replace it before its last day.", tone: "attention" },
  no_owner: {
    label: "No owner",
    says: "Nobody stands behind it, so what it costs counts for no person and no team.",
    tone: "attention",
  },
  never_used: {
    label: "Never used",
    says: "No use in the last 400 days. What nobody uses is better gone.",
    tone: "attention",
  },
  unused_90_days: { label: "Unused for 90 days", says: "Used before, and not for 90 days.", tone: "attention" },
  never_active: {
    label: "Never active",
    says: "A member who never used Claude Code, in all that is held.",
    tone: "attention",
  },
  idle_30_days: { label: "Idle for 30 days", says: "Active before, and not for 30 days.", tone: "attention" },
  not_in_roster: {
    label: "Not in the list of people",
    says: "No team and no dates are known. Load them with the people.",
    tone: "attention",
  },
  pending_14_days: {
    label: "Open for 14 days",
    says: "Invited two weeks ago or more, and not accepted.",
    tone: "attention",
  },
  already_member: {
    label: "Already a member",
    says: "Somebody with this address is a member. Withdraw the invitation.",
  },
  older_than_365_days: { label: "Older than a year", says: "Keys are best replaced once a year." },
  created_by_admin: { label: "Made by an admin", says: "Fine for a service; ask why, where a person uses it." },
  name_not_unique: {
    label: "Name not unique",
    says: "Claude Code reports keys by name, so its use cannot be told from that of its namesakes.",
  },
};

/** In the order in which they want to be looked at. */
export const FLAG_ORDER = Object.keys(FLAGS) as readonly Flag[];

export function byUrgency(flags: readonly Flag[]): Flag[] {
  return FLAG_ORDER.filter((flag) => flags.includes(flag));
}
