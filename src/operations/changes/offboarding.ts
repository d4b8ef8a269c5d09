import { counted, Failure, normalizedEmail } from "../../domain/index.ts";
import { listPeople, type PersonRow } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";
import { requireNamed } from "../privacy.ts";
import {
  memberOf,
  organizationChosen,
  withWorld,
  type ChangeWorld,
  type Member,
  type RecordedKey,
} from "./change-world.ts";
import { textOf } from "./json-members.ts";
import { diesWith, isActive, useOf } from "./key-facts.ts";
import { isAdminRole } from "./own-role.ts";
import type { OffboardingShown } from "./shapes.ts";
import { requireWrites } from "./writes.ts";

/** A key that nobody used for so long is proposed to be made inactive at once. */
const IN_USE_DAYS = 30;

interface Asked {
  readonly person: string;
  readonly organization?: string | undefined;
}

/**
 * What somebody has at Anthropic now, and what should be ended when they go.
 *
 * Members and invites are asked live, keys and their use are read from the record.
 *
 * @throws Failure `access.individuals`, `access.unknown`, `changes.off`
 */
export async function offboardingOf(
  context: OperationContext,
  { person: asked, organization }: Asked,
): Promise<OffboardingShown> {
  requireWrites(context);
  requireNamed(context.scope, "person");
  const chosen = await organizationChosen(context, organization);
  return withWorld(context, chosen, async (world) => {
    const { listed, emails, member, userId } = await whoIs(world, asked.trim());
    if (listed === null && userId === null && emails.length === 0)
      throw new Failure("access.unknown", { what: "person" });
    const memberships = userId === null ? [] : await world.record.memberships(userId);
    const invites = await openInvites(world, emails);
    const keys = (await world.record.keys())
      .flatMap((key) => keyOf(key, userId, listed, context.clock.now()) ?? [])
      .toSorted((a, b) => ((a.lastUsed ?? "") < (b.lastUsed ?? "") ? 1 : -1));
    const withdraw = invites.map(({ inviteId }) => inviteId);
    const deactivate = keys.filter(({ isProposed }) => isProposed).map(({ keyId }) => keyId);
    // An admin is not removed through the API: what else there is to do is still proposed.
    const removable = member !== null && !isAdminRole(member.role);
    const isAnything = removable || withdraw.length > 0 || deactivate.length > 0;
    return {
      organizationId: chosen.id,
      organization: chosen.name,
      person: {
        personId: listed?.personId ?? null,
        name: listed?.name ?? null,
        emails,
        userId,
        role: member?.role ?? null,
      },
      memberships: [...memberships],
      invites,
      keys,
      consequences: consequencesOf(member, { memberships: memberships.length, invites: withdraw.length, keys }),
      proposed: isAnything
        ? {
            kind: "offboard_member" as const,
            arguments: {
              ...(removable ? { user_id: member.id } : {}),
              withdraw_invites: withdraw,
              deactivate_keys: deactivate,
            },
          }
        : null,
    };
  });
}

interface Somebody {
  readonly listed: PersonRow | null;
  readonly emails: string[];
  readonly member: Member | null;
  /** Of a former member too, when they were asked for by it. */
  readonly userId: string | null;
}

/** Somebody by e-mail, by their id of the roster, or by their id at Anthropic. */
async function whoIs({ context, live }: ChangeWorld, asked: string): Promise<Somebody> {
  const people = await context.store.read((tx) => listPeople(tx, context.scope));
  const isId = /^user_[A-Za-z0-9_-]{1,64}$/.test(asked);
  const byId = isId ? await live.find(`/users/${asked}`) : null;
  const email = byId === null ? normalizedEmail(asked) : normalizedEmail(textOf(byId["email"]));
  const listed =
    people.find((row) => row.personId === asked || row.emails.some((one) => normalizedEmail(one) === email)) ?? null;
  const named = email.includes("@") ? [email] : [];
  const emails = [...new Set([...named, ...(listed?.emails ?? []).map(normalizedEmail)])];
  if (byId !== null) return { listed, emails, member: memberOf(byId), userId: asked };
  for (const one of emails) {
    const found = (await live.list("/users", { query: [["email", one]] })).map(memberOf);
    const member = found.find((user) => normalizedEmail(user.email) === one);
    if (member !== undefined) return { listed, emails, member, userId: member.id };
  }
  // A former member's id stays on the keys that they made.
  return { listed, emails, member: null, userId: isId ? asked : null };
}

async function openInvites({ live }: ChangeWorld, emails: readonly string[]) {
  const found = [];
  for (const email of emails) {
    for (const invite of await live.list("/invites", { query: [["email", email]] })) {
      if (invite["status"] !== "pending" || normalizedEmail(textOf(invite["email"])) !== email) continue;
      found.push({
        inviteId: textOf(invite["id"]),
        email,
        role: textOf(invite["role"]),
        expiresAt: textOf(invite["expires_at"]),
      });
    }
  }
  return found;
}

/** A key that is somebody's, with what happens to whatever uses it; null for other people's. */
function keyOf(key: RecordedKey, userId: string | null, listed: PersonRow | null, nowMs: number) {
  const actsAs = userId !== null && key.principalId === userId;
  const made = userId !== null && key.creator.id === userId;
  const owns = listed !== null && key.owner.personId === listed.personId;
  if (!actsAs && !made && !owns) return null;
  const dies = userId !== null && diesWith(key, userId);
  const isInUse = key.lastUsed !== null && nowMs - Date.parse(key.lastUsed) < IN_USE_DAYS * 86_400_000;
  return {
    keyId: key.keyId,
    name: key.name,
    hint: key.hint,
    workspace: key.workspace,
    status: key.status,
    relation: actsAs ? ("acts_as" as const) : made ? ("made" as const) : ("owns" as const),
    diesWithMembership: dies,
    lastUsed: key.lastUsed,
    tokens30Days: key.tokens,
    breaks: breaksOf(key, { dies, isInUse }),
    isProposed: isActive(key) && !dies && !isInUse,
  };
}

function breaksOf(key: RecordedKey, { dies, isInUse }: { readonly dies: boolean; readonly isInUse: boolean }): string {
  if (!isActive(key)) return `Nothing: it is ${key.status} already.`;
  const use = useOf(key);
  if (dies) return `It dies with the membership: whatever uses it fails then (${use}).`;
  if (isInUse)
    return `It stays alive when they go, and is in use (${use}): let somebody take it over before it is ended.`;
  return `It stays alive when they go; nothing uses it (${use}).`;
}

function consequencesOf(
  member: Member | null,
  has: {
    readonly memberships: number;
    readonly invites: number;
    readonly keys: readonly NonNullable<ReturnType<typeof keyOf>>[];
  },
): string[] {
  const says: string[] = [];
  if (member === null) says.push("They are no member of this organization.");
  else if (isAdminRole(member.role))
    says.push("They are an admin, and cannot be removed through the API: lower their role in the Console first.");
  else says.push(`They lose access to the organization and to ${counted(has.memberships, "workspace")} of it.`);
  if (has.invites > 0) says.push(`${counted(has.invites, "open invite")} could let them back in: withdrawn first.`);
  const active = has.keys.filter(({ status }) => status === "active");
  const dying = active.filter(({ diesWithMembership }) => diesWithMembership).length;
  const inUse = active.filter(({ diesWithMembership, isProposed }) => !diesWithMembership && !isProposed).length;
  if (dying > 0) says.push(`With the membership ends: ${counted(dying, "key")}.`);
  if (inUse > 0) says.push(`In use, and so not proposed to be ended: ${counted(inUse, "key")}.`);
  return says;
}
