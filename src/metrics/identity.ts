import { normalizedEmail, splitActor } from "../domain/index.ts";
import type { DayNumber, Identity, Span } from "../domain/index.ts";
import type { ActorOwnerRow, PersonRow } from "../store/index.ts";

/** What is known about people and keys today; every past day is read with it. */
export interface Directory {
  readonly people: readonly PersonRow[];
  readonly owners: readonly ActorOwnerRow[];
  /** Members: `user_…` to e-mail. */
  readonly users: ReadonlyMap<string, string>;
  /** API keys: id to name. Names are not unique. */
  readonly keyNames: ReadonlyMap<string, string>;
  /** Real ids of the organizations' default workspaces. */
  readonly defaultWorkspaces: ReadonlySet<string>;
}

/** A team and the days in it, half-open. */
export interface TeamDays {
  readonly team: string | null;
  readonly days: Span;
}

/** Who stands behind an actor, an account or a key. */
export interface Identities {
  /** An interned actor: `user:<e-mail>`, `key:<name>`, `svac:<id>`, or of a kind we do not know yet. */
  ofActor(actor: string): Identity;
  /** An actor of the analytics reports, whose user is an id and whose e-mail stands beside it. */
  ofAnalyticsActor(actor: string | null, email: string | null): Identity | null;
  /** Account and service account of the messages report; both null is traffic of a key that is not named. */
  ofAccount(account: string | null, serviceAccount: string | null): Identity;
  ofApiKey(apiKeyId: string): Identity;
  ofEmail(email: string): Identity;
  /** The team of a person, as `Identity.person` names them, on that day, or null; without a day the last one known. */
  teamOf(person: string, day: DayNumber | null): string | null;
  /** The teams of a person over some days, oldest first; together they are all of the days. */
  teamsOf(person: string, days: Span): readonly TeamDays[];
  /** People who were ever in another team: for all others the day makes no difference. */
  readonly moved: ReadonlySet<string>;
  /** Every person of the loaded directory, by the name that `Identity.person` gives them. */
  readonly known: ReadonlyMap<string, PersonRow>;
  /** E-mails that belong to somebody under another one: only these, and odd spellings, need folding. */
  readonly aliases: ReadonlySet<string>;
  /** Real ids of what most reports leave unnamed. */
  readonly defaultWorkspaces: ReadonlySet<string>;
}

/**
 * Applies e-mails, aliases and owners.
 *
 * A person is named by the first e-mail of their directory entry, or by the e-mail itself when nobody listed it. An
 * API-key actor is nobody until an owner is set; a name that two keys hold stays unmapped until the owner is set on
 * the name itself.
 */
export function identities(directory: Directory): Identities {
  const byEmail = new Map<string, string>();
  const byId = new Map<string, string>();
  const known = new Map<string, PersonRow>();
  const aliases = new Set<string>();
  for (const row of directory.people) {
    const emails = row.emails.map(normalizedEmail);
    const person = emails[0] ?? row.personId;
    known.set(person, row);
    byId.set(row.personId, person);
    for (const email of emails) byEmail.set(email, person);
    for (const email of emails.slice(1)) aliases.add(email);
  }
  const owners = new Map(directory.owners.map((owner) => [owner.actor, owner]));
  const idsByName = new Map<string, string[]>();
  for (const [id, name] of directory.keyNames) idsByName.set(name, [...(idsByName.get(name) ?? []), id]);

  const ofEmail = (email: string): Identity => {
    const normalized = normalizedEmail(email);
    return { population: "humans", person: byEmail.get(normalized) ?? normalized };
  };
  const owned = (owner: ActorOwnerRow | undefined, label: string): Identity => {
    if (!owner) return { population: "unmapped", label };
    if (owner.kind === "service") return { population: "service", service: owner.service ?? label };
    const person = owner.personId === null ? undefined : byId.get(owner.personId);
    return person === undefined ? { population: "unmapped", label } : { population: "humans", person };
  };
  const ofKeyName = (name: string): Identity => {
    const ids = idsByName.get(name) ?? [];
    const owner = owners.get(`key:${name}`) ?? (ids.length === 1 ? owners.get(ids[0]!) : undefined);
    return owned(owner, `key: ${name}`);
  };
  const ofApiKey = (apiKeyId: string): Identity => {
    const name = directory.keyNames.get(apiKeyId);
    const unique = name !== undefined && idsByName.get(name)?.length === 1;
    const owner = owners.get(apiKeyId) ?? (unique ? owners.get(`key:${name}`) : undefined);
    return owned(owner, `key: ${name ?? apiKeyId}`);
  };
  const ofActor = (actor: string): Identity => {
    const { kind, name } = splitActor(actor);
    if (kind === "user") return ofEmail(name);
    if (kind === "key") return ofKeyName(name);
    if (SERVICE_KINDS.has(kind)) return { population: "service", service: actor };
    return owned(owners.get(actor), actor);
  };

  return {
    ofActor,
    ofApiKey,
    ofEmail,
    ofAnalyticsActor(actor, email) {
      if (actor === null) return null;
      const { kind, name } = splitActor(actor);
      if (kind === "key") return ofApiKey(name);
      if (kind !== "user") return ofActor(actor);
      const known = email ?? directory.users.get(name);
      return known === undefined ? { population: "humans", person: name } : ofEmail(known);
    },
    ofAccount(account, serviceAccount) {
      if (serviceAccount !== null) return { population: "service", service: `svac:${serviceAccount}` };
      if (account === null) return { population: "unmapped", label: "API keys" };
      const email = directory.users.get(account);
      // A deleted member keeps the id and stays in the totals.
      return email === undefined ? { population: "humans", person: account } : ofEmail(email);
    },
    teamOf: (person, day) => teamOn(known.get(person), day),
    teamsOf: (person, days) => teamDays(known.get(person), days),
    moved: new Set([...known].filter(([, row]) => hasMoved(row)).map(([person]) => person)),
    known,
    aliases,
    defaultWorkspaces: directory.defaultWorkspaces,
  };
}

/** How an identity is shown as a `person`: only people have a name here, all others stand under their own label. */
export function identityLabel(identity: Identity): string {
  if (identity.population === "humans") return identity.person;
  return identity.population === "service" ? `service: ${identity.service}` : identity.label;
}

function teamOn(row: PersonRow | undefined, day: DayNumber | null): string | null {
  const earlier = day === null ? undefined : row?.earlier?.find(({ until }) => day < until);
  return (earlier ?? row)?.team ?? null;
}

function teamDays(row: PersonRow | undefined, { from, to }: Span): TeamDays[] {
  const teams: { team: string | null; days: { from: DayNumber; to: DayNumber } }[] = [];
  let start = from;
  for (const until of [...(row?.earlier ?? []).map((post) => post.until), to]) {
    const end = Math.min(until, to);
    if (end <= start) continue;
    const team = teamOn(row, start);
    const last = teams.at(-1);
    if (last && last.team === team) last.days.to = end;
    else teams.push({ team, days: { from: start, to: end } });
    start = end;
  }
  return teams;
}

function hasMoved({ team, earlier }: PersonRow): boolean {
  return earlier?.some((post) => post.team !== team) ?? false;
}

const SERVICE_KINDS: ReadonlySet<string> = new Set(["svac", "service", "service_account", "service_account_actor"]);
