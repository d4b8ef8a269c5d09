import type { z } from "zod";

import { Failure, NAMED, normalizedEmail, type JsonObject } from "../../domain/index.ts";
import { findAccount, listPeople, type ConnectionRow } from "../../store/index.ts";
import { liveConnection, organizationsAsked } from "../admin/organizations.ts";
import { listApiKeys } from "../catalog/list-api-keys.ts";
import type { OperationContext } from "../context.ts";
import { listedRows } from "../directory.ts";
import { upstreamOf } from "../upstream-of.ts";
import { textOf } from "./json-members.ts";
import { liveOf, type Live } from "./live.ts";

/** What a change is planned with: Anthropic as it is now, and what the record knows besides. */
export interface ChangeWorld {
  readonly context: OperationContext;
  readonly organization: OrganizationChosen;
  readonly live: Live;
  readonly record: ChangeRecord;
  /** The caller as a member of the organization; null for who is none, and for an operator, who need not be one. */
  self(): Promise<Member | null>;
}

export interface OrganizationChosen {
  readonly id: string;
  readonly name: string;
  readonly connection: ConnectionRow;
}

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: string;
}

export type RecordedKey = z.output<typeof listApiKeys.output>["rows"][number] & {
  /** Whom a personal key acts as. */
  readonly principalId: string | null;
};

/** What was recorded of the organization, read once. Whoever shows it hides what the reader may not see. */
export interface ChangeRecord {
  keys(): Promise<readonly RecordedKey[]>;
  /** Workspaces of a person, with the role in each. */
  memberships(
    userId: string,
  ): Promise<readonly { workspaceId: string; workspace: string | null; role: string | null }[]>;
  membersOf(workspaceId: string): Promise<number>;
  workspaceName(workspaceId: string): Promise<string | null>;
}

/**
 * The one organization that a change is about.
 *
 * @throws Failure `input.invalid` where there are several and none is named; as `organizationsAsked` and `liveConnection`
 */
export async function organizationChosen(
  context: OperationContext,
  asked: string | undefined,
): Promise<OrganizationChosen> {
  const found = await organizationsAsked(context, asked);
  // Of one that is only left in the record nothing can be changed.
  const usable = found.filter(({ connections }) => connections.some(({ state }) => state !== "disconnected"));
  const [first, ...others] = usable.length === 0 ? found : usable;
  if (first === undefined || others.length > 0) {
    const choices = usable.map(({ id, name }) => (name === "" ? id : name)).join(", ");
    throw new Failure("input.invalid", {
      field: "organization",
      problem: "is needed, as there are several",
      remedy: `Name one of: ${choices}.`,
    });
  }
  return { id: first.id, name: first.name, connection: liveConnection(first) };
}

/** Opens the reader's client for the work and closes it whatever happens. */
export async function withWorld<T>(
  context: OperationContext,
  organization: OrganizationChosen,
  work: (world: ChangeWorld) => Promise<T>,
): Promise<T> {
  const { connection } = organization;
  const { client, close } = await context.keyring.clientFor(connection, upstreamOf(context, connection));
  try {
    const live = liveOf(client, organization.id);
    return await work({
      context,
      organization,
      live,
      record: recordOf(context, organization.id),
      self: once(() => selfIn(context, live)),
    });
  } finally {
    await close();
  }
}

/** The member with one of the addresses of whoever calls: of their account, and of the person they are. */
async function selfIn({ store, scope, caller }: OperationContext, live: Live): Promise<Member | null> {
  if (caller.kind === "operator") return null;
  const emails = await store.read(async (tx) => {
    const account = caller.accountId ? await findAccount(tx, caller.accountId) : null;
    const person = (await listPeople(tx, scope)).find(({ personId }) => personId === caller.personId);
    return [account?.email, account?.contact, ...(person?.emails ?? [])].flatMap((email) =>
      email ? [normalizedEmail(email)] : [],
    );
  });
  for (const email of new Set(emails)) {
    const found = (await live.list("/users", { query: [["email", email]] })).map(memberOf);
    // The filter knows plus-tags as one mailbox; whoever is meant has this very address.
    const self = found.find((member) => normalizedEmail(member.email) === email);
    if (self !== undefined) return self;
  }
  return null;
}

export function memberOf(user: JsonObject): Member {
  return { id: textOf(user["id"]), email: textOf(user["email"]), role: textOf(user["role"]) };
}

function recordOf(context: OperationContext, organizationId: string): ChangeRecord {
  const own = async (name: "workspaces" | "workspace_members" | "api_keys") =>
    (await context.store.read((tx) => listedRows(tx, context, name))).filter(
      (row) => row.organizationId === organizationId,
    );
  const workspaces = once(() => own("workspaces"));
  const members = once(() => own("workspace_members"));
  const workspaceName = async (id: string) =>
    (await workspaces()).find((row) => row.text("id") === id)?.text("name") ?? null;
  return {
    workspaceName,
    keys: once(async () => {
      const named = { ...context, scope: { ...context.scope, privacy: NAMED } };
      const input = listApiKeys.input.parse({ limit: 5_000 });
      const { rows } = await listApiKeys.run(named, input);
      const listed = await own("api_keys");
      const principals = new Map(listed.map((row) => [row.text("id"), row.text("principal_id")]));
      return rows
        .filter((key) => key.organizationId === organizationId)
        .map((key) => ({ ...key, principalId: principals.get(key.keyId) ?? null }));
    }),
    memberships: async (userId) => {
      const found = (await members()).filter((row) => row.text("user_id") === userId);
      return Promise.all(
        found.map(async (row) => {
          const workspaceId = row.text("workspace_id") ?? "";
          return { workspaceId, workspace: await workspaceName(workspaceId), role: row.text("workspace_role") };
        }),
      );
    },
    membersOf: async (workspaceId) =>
      (await members()).filter((row) => row.text("workspace_id") === workspaceId).length,
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}
