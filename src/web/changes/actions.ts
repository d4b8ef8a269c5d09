import type { Output } from "../client/index.ts";
import type { Order } from "./held.ts";

/** What may be asked for before a change can be planned. */
export interface WantedField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly as: "text" | "email" | "number" | "lines" | "choice" | "search";
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** Set at first. */
  readonly value?: string;
  readonly isOptional?: boolean;
}

type Values = Readonly<Record<string, string>>;

/** A change that somebody wants, before it is planned. */
export interface Wanted {
  /** Verb and object. */
  readonly title: string;
  /** What is asked for, and what it is for. */
  readonly says: string;
  /** None: it is planned at once. */
  readonly fields: readonly WantedField[];
  readonly orderOf: (values: Values) => Order;
  /** Which one; asked for where it is left out and there are several. */
  readonly organization?: string;
}

type Member = Output<"listMembers">["rows"][number];
type Key = Output<"listApiKeys">["rows"][number];

export interface Place {
  readonly organizationId: string;
  readonly workspaceId: string;
  readonly name: string;
}

/** Roles that the API gives; an admin is made in the Console alone. */
const ROLES = [
  { value: "user", label: "User: the Playground, and nothing else" },
  { value: "claude_code_user", label: "Claude Code user: the Playground and Claude Code" },
  { value: "developer", label: "Developer: Claude Code, and making API keys" },
  { value: "billing", label: "Billing: what a developer may, and billing" },
];

const WORKSPACE_ROLES = [
  { value: "workspace_user", label: "Workspace user: the Playground there" },
  { value: "workspace_restricted_developer", label: "Restricted developer: keys, without traces and downloads" },
  { value: "workspace_developer", label: "Workspace developer: making keys there" },
  { value: "workspace_admin", label: "Workspace admin: keys, and who belongs to it" },
];

const ADMIN_SAYS = "You can give no role above your own; admins are made in the Console.";

export function invite(): Wanted {
  return {
    title: "Invite somebody",
    says: `Anthropic sends them an e-mail; they are a member once they accept. ${ADMIN_SAYS}`,
    fields: [
      { name: "email", label: "E-mail", as: "email", placeholder: "jane@example.com" },
      { name: "role", label: "Role", as: "choice", choices: ROLES, value: "claude_code_user" },
    ],
    orderOf: (values) => ({ kind: "invite_member", arguments: picked(values, ["email", "role"]) }),
  };
}

export function withdrawInvite({
  inviteId,
  who,
  organizationId,
}: {
  readonly inviteId: string;
  readonly who: string;
  readonly organizationId: string;
}): Wanted {
  return atOnce(`Withdraw the invite of ${who}`, {
    kind: "withdraw_invite",
    arguments: { invite_id: inviteId },
    organization: organizationId,
  });
}

export function changeRole({ userId, organizationId, role, listed }: Member): Wanted {
  return {
    title: `Change the role of ${listed.name}`,
    says: `What they may do in the whole organization. ${ADMIN_SAYS}`,
    organization: organizationId,
    fields: [{ name: "role", label: "Role", as: "choice", choices: ROLES, value: roleOr(role, ROLES) }],
    orderOf: ({ role = "" }) => ({
      kind: "change_member_role",
      arguments: { user_id: userId, role },
      organization: organizationId,
    }),
  };
}

export function removeMember({ userId, organizationId, listed }: Member): Wanted {
  return atOnce(`Remove ${listed.name} from the organization`, {
    kind: "remove_member",
    arguments: { user_id: userId },
    organization: organizationId,
  });
}

const WORKSPACE_FIELDS: readonly WantedField[] = [
  { name: "name", label: "Name", as: "text", description: "At most 40 characters." },
  {
    name: "display_color",
    label: "Colour",
    as: "text",
    isOptional: true,
    placeholder: "#6C5BB9",
    description: "As Anthropic's Console shows it.",
  },
];

export function createWorkspace(): Wanted {
  return {
    title: "Create a workspace",
    says: "It begins without members and keys. A workspace is never deleted, only archived.",
    fields: [
      ...WORKSPACE_FIELDS,
      {
        name: "tags",
        label: "Tags",
        as: "lines",
        isOptional: true,
        placeholder: "cost-centre=4711",
        description: "One a line, as name=value.",
      },
    ],
    orderOf: ({ tags = "", ...values }) => ({
      kind: "create_workspace",
      arguments: {
        ...picked(values, ["name", "display_color"]),
        ...(tags.trim() === "" ? {} : { tags: tagsIn(tags) }),
      },
    }),
  };
}

export function updateWorkspace({ workspaceId, organizationId, name }: Place): Wanted {
  return {
    title: `Change workspace ${name}`,
    says: "What is left empty stays as it is. Reports show a new name for the past too.",
    organization: organizationId,
    fields: WORKSPACE_FIELDS.map((field) => ({
      ...field,
      isOptional: true,
      ...(field.name === "name" && { value: name }),
    })),
    orderOf: (values) => ({
      kind: "update_workspace",
      arguments: { workspace_id: workspaceId, ...picked(values, ["name", "display_color"]) },
      organization: organizationId,
    }),
  };
}

export function archiveWorkspace({ workspaceId, organizationId, name }: Place): Wanted {
  return atOnce(`Archive workspace ${name}`, {
    kind: "archive_workspace",
    arguments: { workspace_id: workspaceId },
    organization: organizationId,
  });
}

export function addWorkspaceMember(place: Place, choices: readonly { value: string; label: string }[]): Wanted {
  const { workspaceId, organizationId, name } = place;
  return {
    title: `Add a member to ${name}`,
    says: "Members of the organization can be added. Admins are in every workspace already.",
    organization: organizationId,
    fields: [
      { name: "user_id", label: "Member", as: "search", choices, placeholder: "Find by name or e-mail" },
      {
        name: "workspace_role",
        label: "Role there",
        as: "choice",
        choices: WORKSPACE_ROLES,
        value: "workspace_developer",
      },
    ],
    orderOf: (values) => ({
      kind: "add_workspace_member",
      arguments: { workspace_id: workspaceId, ...picked(values, ["user_id", "workspace_role"]) },
      organization: organizationId,
    }),
  };
}

interface InPlace {
  readonly userId: string;
  readonly who: string;
  readonly role: string | null;
}

export function changeWorkspaceRole(
  { workspaceId, organizationId, name }: Place,
  { userId, who, role }: InPlace,
): Wanted {
  return {
    title: `Change the role of ${who} in ${name}`,
    says: "What they may do in this workspace. Keys that they made stay as they are.",
    organization: organizationId,
    fields: [
      {
        name: "workspace_role",
        label: "Role there",
        as: "choice",
        choices: WORKSPACE_ROLES,
        value: roleOr(role, WORKSPACE_ROLES),
      },
    ],
    orderOf: ({ workspace_role: next = "" }) => ({
      kind: "change_workspace_member_role",
      arguments: { workspace_id: workspaceId, user_id: userId, workspace_role: next },
      organization: organizationId,
    }),
  };
}

export function removeWorkspaceMember({ workspaceId, organizationId, name }: Place, { userId, who }: InPlace): Wanted {
  return atOnce(`Remove ${who} from ${name}`, {
    kind: "remove_workspace_member",
    arguments: { workspace_id: workspaceId, user_id: userId },
    organization: organizationId,
  });
}

export function limitRate(
  { workspaceId, organizationId, name }: Place,
  group: {
    readonly id: string;
    readonly label: string;
    readonly limits: readonly { readonly type: string; readonly own: number | null; readonly of: number | null }[];
  },
): Wanted {
  return {
    title: `Limit ${group.label} in ${name}`,
    says: "Left empty, the organization's own limit holds. It takes effect within about an hour.",
    organization: organizationId,
    fields: group.limits.map(({ type, own, of }) => ({
      name: type,
      label: type.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()),
      as: "number" as const,
      isOptional: true,
      ...(own === null ? {} : { value: String(own) }),
      ...(of === null ? {} : { description: `The organization has ${of.toLocaleString("en")}.` }),
    })),
    orderOf: (values) => ({
      kind: "set_workspace_rate_limit",
      arguments: {
        workspace_id: workspaceId,
        rate_limit: group.id,
        limits: group.limits.map(({ type }) => ({ type, value: numberIn(values[type]) })),
      },
      organization: organizationId,
    }),
  };
}

export function renameKey({ keyId, name, organizationId }: Key): Wanted {
  return {
    title: `Rename key ${name}`,
    says: "The key itself stays the same: whatever uses it goes on.",
    organization: organizationId,
    fields: [{ name: "name", label: "Name", as: "text", value: name }],
    orderOf: ({ name: next = "" }) => ({
      kind: "update_api_key",
      arguments: { api_key_id: keyId, name: next.trim() },
      organization: organizationId,
    }),
  };
}

const KEY_VERBS = { active: "Activate", inactive: "Deactivate", archived: "Archive" } as const;

export function setKeyStatus({ keyId, name, organizationId }: Key, status: keyof typeof KEY_VERBS): Wanted {
  return atOnce(`${KEY_VERBS[status]} key ${name}`, {
    kind: "update_api_key",
    arguments: { api_key_id: keyId, status },
    organization: organizationId,
  });
}

/** Nothing more has to be asked: the dry run comes at once. */
function atOnce(title: string, order: Order & { readonly organization: string }): Wanted {
  return { title, says: "", fields: [], organization: order.organization, orderOf: () => order };
}

/** What was written, without what was left empty. */
function picked(values: Values, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = values[name]?.trim() ?? "";
      return text === "" ? [] : [[name, text]];
    }),
  );
}

function tagsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [name = "", ...rest] = line.split("=");
      return name.trim() === "" ? [] : [[name.trim(), rest.join("=").trim()]];
    }),
  );
}

function numberIn(text: string | undefined): number | null {
  return text === undefined || text.trim() === "" ? null : Number(text);
}

/** The present role, where it is one that can be given. */
function roleOr(role: string | null, choices: readonly { readonly value: string }[]): string {
  return choices.find(({ value }) => value === role)?.value ?? choices[0]?.value ?? "";
}
