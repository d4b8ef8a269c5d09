import { APPS, type App } from "./apps.ts";
import { DAY_MS, HOUR_MS, stampText } from "./calendar.ts";
import { REPOSITORY_PARTS } from "./names.ts";
import type { Family } from "./prices.ts";
import { base58, chance, idOf } from "./random.ts";
import { hasLeft } from "./people.ts";
import type { Ground } from "./setting.ts";
import type { ApiKey } from "./types.ts";
import type { WorkspaceName } from "./workspaces.ts";

/** A key with which machines run Claude Code. */
export interface CiKey {
  readonly index: number;
  readonly key: ApiKey;
  /** From `renamedAt` (an offset; Infinity: never) reports show `laterName`. */
  readonly firstName: string;
  readonly laterName: string;
  readonly renamedAt: number;
  readonly startsAt: number;
  readonly habit: number;
  readonly family: Family;
  readonly isUs: boolean;
  readonly serviceAccountId: string | null;
}

/** A key (or, without one, a federated service account) of an application. */
export interface AppKey {
  readonly app: App;
  readonly key: ApiKey | null;
  readonly serviceAccountId: string | null;
}

/** The keys that Claude Code minted at sign-in, one a person. They die with the membership. */
export function inventPersonKeys(ground: Ground): Map<number, ApiKey> {
  const signers = ground.people.filter(
    (person) =>
      person.signsInBy === "key" &&
      person.isMember &&
      person.plan !== "subscription" &&
      person.startsAt < person.leavesAt,
  );
  return new Map(
    signers
      .filter((person) => person.startsAt !== Infinity)
      .map((person) => {
        const local = person.email.slice(0, person.email.indexOf("@"));
        const key = newKey(ground, ["person", person.index], {
          name: `claude_code_key_${local}_${base58(4, ground.seed, "key name", person.index).toLowerCase()}`,
          workspace: "Claude Code",
          createdAt: Math.max(person.joinedAt, person.startsAt - 1),
          creator: { id: person.id, type: "user" },
          principal: { type: "user_actor", user_id: person.id },
        });
        return [person.index, hasLeft(person, ground.lastOffset) ? { ...key, status: "archived" as const } : key];
      }),
  );
}

/** One key a repository. The first two share a name, the third was renamed, the fourth lost its creator. */
export function inventCiKeys(ground: Ground): CiKey[] {
  const count = Math.max(4, Math.round(ground.people.length * 0.58));
  const names = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const dice = chance(ground.seed, "ci key", index);
    const isBound = dice.isLucky(0.2);
    const serviceAccountId = isBound ? (ground.serviceAccountIds[0] ?? null) : null;
    const name = ciName(index, dice.pick(REPOSITORY_PARTS[0]), dice.pick(REPOSITORY_PARTS[1]), names);
    const renamedAt = index === 2 ? 8 : Infinity;
    const firstName = index === 2 ? "deploy-bot" : name;
    return {
      index,
      firstName,
      laterName: name,
      renamedAt,
      startsAt: dice.isLucky(0.6) || index < 4 ? 0 : dice.int(1, 70),
      habit: 0.68 + 0.3 * dice.next(),
      family: dice.isLucky(0.75) ? "sonnet" : "opus",
      isUs: dice.isLucky(0.05),
      serviceAccountId,
      key: newKey(ground, ["ci", index], {
        name: renamedAt > ground.lastOffset ? firstName : name,
        workspace: "Claude Code",
        createdAt: -dice.int(1, 200),
        creator: index === 3 ? null : { id: creatorOf(ground, dice.int(0, ground.people.length - 1)), type: "user" },
        principal:
          serviceAccountId === null ? null : { type: "service_account_actor", service_account_id: serviceAccountId },
      }),
    };
  });
}

/** A pool of short-lived agents, four a person, which only hackathons put to work. */
export function inventRunnerKeys(ground: Ground): CiKey[] {
  const count = Math.round(ground.people.length * 4.6);
  const creator = { id: ground.serviceAccountIds[1] ?? "", type: "service_account" as const };
  return Array.from({ length: count }, (_, index) => {
    const name = `hack-runner-${String(index + 1).padStart(4, "0")}`;
    const key = newKey(ground, ["runner", index], {
      name,
      workspace: "Claude Code",
      createdAt: -40,
      creator,
      principal: null,
    });
    return {
      index,
      key,
      firstName: name,
      laterName: name,
      renamedAt: Infinity,
      startsAt: 0,
      habit: 1,
      family: "sonnet",
      isUs: false,
      serviceAccountId: null,
    };
  });
}

/** The keys of the applications: every status, owner and scope occurs among them. */
export function inventAppKeys(ground: Ground): AppKey[] {
  return APPS.map((app) => {
    const serviceAccountId = app.runsAs === undefined ? null : (ground.serviceAccountIds[app.runsAs] ?? null);
    if (app.keyName === null) return { app, key: null, serviceAccountId };
    const endsBy = app.until ?? Infinity;
    const key = newKey(ground, ["app", app.keyName], {
      name: app.keyName,
      workspace: app.workspace,
      createdAt: -app.age,
      creator: appCreator(ground, app),
      principal: app.isPersonal
        ? { type: "user_actor", user_id: creatorOf(ground, 0) }
        : serviceAccountPrincipal(serviceAccountId),
    });
    return {
      app,
      serviceAccountId,
      key: {
        ...key,
        status: endsBy <= ground.lastOffset + 1 ? (app.endsAs ?? "inactive") : app.isDormant ? "inactive" : "active",
        expires_at: app.expiresAt === undefined ? null : stampText((ground.firstDay + app.expiresAt) * DAY_MS),
        ...(app.isPersonal ? { scope: { type: "organization" as const }, workspace_id: null } : {}),
      },
    };
  });
}

interface KeyPlan {
  readonly name: string;
  readonly workspace: WorkspaceName;
  readonly createdAt: number;
  readonly creator: ApiKey["created_by"];
  readonly principal: ApiKey["principal"];
}

function newKey(ground: Ground, naming: readonly (string | number)[], plan: KeyPlan): ApiKey {
  const id = idOf("apikey_", ground.seed, ...naming);
  const workspaceId = ground.workspaces[plan.workspace].id;
  const minute = chance(ground.seed, "key minute", ...naming).int(0, HOUR_MS * 8);
  return {
    id,
    type: "api_key",
    name: plan.name,
    status: "active",
    created_at: stampText((ground.firstDay + plan.createdAt) * DAY_MS + 9 * HOUR_MS + minute),
    created_by: plan.creator,
    expires_at: null,
    partial_key_hint: `sk-ant-api03-${id.slice(-7, -4)}...${id.slice(-4)}`,
    principal: plan.principal,
    scope: { type: "workspace", workspace_id: workspaceId },
    workspace_id: plan.workspace === "Default" ? null : workspaceId,
  };
}

function creatorOf(ground: Ground, index: number): string {
  const last = ground.people.length;
  for (let tried = 0; tried < last; tried += 1) {
    const person = ground.people[(index + tried) % last];
    // Some have left since: their keys outlive them.
    if (person?.isMember === true && person.joinedAt < -1) return person.id;
  }
  throw new RangeError("nobody could have made a key");
}

function appCreator(ground: Ground, app: App): ApiKey["created_by"] {
  if (app.creator === "nobody") return null;
  if (app.creator === "service account") return { id: ground.serviceAccountIds[1] ?? "", type: "service_account" };
  return { id: creatorOf(ground, app.isPersonal ? 0 : app.age), type: "user" };
}

function serviceAccountPrincipal(id: string | null): ApiKey["principal"] {
  return id === null ? null : { type: "service_account_actor", service_account_id: id };
}

function ciName(index: number, part: string, kind: string, taken: Set<string>): string {
  if (index < 2) return "ci-review-bot";
  if (index === 2) return "release-bot";
  const plain = `ci-${part}-${kind}`;
  let name = plain;
  for (let copy = 2; taken.has(name); copy += 1) name = `${plain}-${copy}`;
  taken.add(name);
  return name;
}
