import { sql } from "kysely";

import { dayOfInstant } from "../domain/index.ts";
import type { DayNumber, Identity, Span } from "../domain/index.ts";
import { activeDays, coverageOf, dimValuesWhere, listActorOwners, listPeople, revisionOf } from "../store/index.ts";
import type { ActiveBits, Revision, Scope, Tx } from "../store/index.ts";
import type { Asking } from "./asking.ts";
import { streamCoverage } from "./coverage.ts";
import type { StreamCoverage } from "./coverage.ts";
import { identities } from "./identity.ts";
import type { Identities } from "./identity.ts";
import { organizationsOf } from "./organizations.ts";
import type { Organizations } from "./organizations.ts";
import type { Resolved } from "./resolve.ts";
import { noTexts, textsOf } from "./texts.ts";
import type { KnownTexts } from "./texts.ts";
import type { ActiveRule } from "./types.ts";

/** What every question of one snapshot may need, looked up once however many are asked. */
export interface Lookups extends Pick<
  Asking,
  "texts" | "identities" | "nonUserActors" | "oddlySpelledActors" | "coverage" | "activeBits" | "membersReadOn"
> {
  organizations(resolved: Resolved): Promise<Organizations>;
}

/** A transaction that reads sees one snapshot from its begin to its end, so what was read of it stays true. */
const ofSnapshot = new WeakMap<Tx, Map<number, Lookups>>();

export function lookupsOf(tx: Tx, scope: Scope): Lookups {
  const tenants = ofSnapshot.get(tx) ?? new Map<number, Lookups>();
  ofSnapshot.set(tx, tenants);
  const found = tenants.get(scope.tenantId) ?? newLookups(tx, scope);
  tenants.set(scope.tenantId, found);
  return found;
}

/**
 * What holds from one snapshot to the next while the rows stay as they are. The people of five thousand cost more to
 * read than most questions about them.
 */
interface Remembered {
  readonly texts: KnownTexts;
  readonly coverages: Map<string, StreamCoverage>;
  readonly bits: Map<ActiveRule, { readonly span: Span; readonly days: readonly ActiveBits[] }>;
  readonly readOn: Map<string, DayNumber | null>;
  identities: Identities | null;
}

const ofRevision = new WeakMap<Revision, Remembered>();

async function rememberedOf(tx: Tx, scope: Scope): Promise<Remembered> {
  const revision = await revisionOf(tx, scope);
  const found = revision === null ? undefined : ofRevision.get(revision);
  if (found !== undefined) return found;
  const made = { texts: noTexts(), coverages: new Map(), bits: new Map(), readOn: new Map(), identities: null };
  if (revision !== null) ofRevision.set(revision, made);
  return made;
}

function newLookups(tx: Tx, scope: Scope): Lookups {
  const coverages = new Map<string, Promise<StreamCoverage>>();
  const organizations = new Map<string, Promise<Organizations>>();
  const readOn = new Map<string, Promise<DayNumber | null>>();
  let remembering: Promise<Remembered> | undefined;
  const before = () => (remembering ??= rememberedOf(tx, scope));
  let known: Promise<Identities> | undefined;
  let keys: Promise<ReadonlyMap<number, string>> | undefined;
  let odd: Promise<ReadonlyMap<number, string>> | undefined;
  return {
    texts: textsOf(tx, scope, async () => (await before()).texts),
    identities: () =>
      (known ??= before().then(async (all) => (all.identities ??= withMemory(await readIdentities(tx, scope))))),
    nonUserActors: () => (keys ??= dimValuesWhere(tx, scope, "actor", NO_USER)),
    oddlySpelledActors: () => (odd ??= dimValuesWhere(tx, scope, "actor", ODDLY_SPELLED)),
    organizations(resolved) {
      const asked = resolved.where.find(({ dimension }) => dimension.id === "organization")?.values;
      return once(organizations, JSON.stringify(asked ? [...asked] : null), () => organizationsOf(tx, scope, resolved));
    },
    coverage: ({ id }, stream) => {
      const key = `${stream} ${id}`;
      return once(coverages, key, async () =>
        kept((await before()).coverages, key, () => streamCoverage(tx, scope, id, stream)),
      );
    },
    async activeBits(rule, span) {
      const { bits } = await before();
      const found = bits.get(rule);
      // A period and the one before are asked for in turn: what was read is widened, not forgotten.
      const wide = found ? { from: Math.min(found.span.from, span.from), to: Math.max(found.span.to, span.to) } : span;
      const isRead = found && found.span.from === wide.from && found.span.to === wide.to;
      const days = isRead ? found.days : await activeDays(tx, scope, { rule, ...wide });
      bits.set(rule, { span: wide, days });
      return days.filter(({ day }) => day >= span.from && day < span.to);
    },
    membersReadOn: ({ id }) =>
      once(readOn, id, async () => kept((await before()).readOn, id, () => membersReadOn(tx, scope, id))),
  };
}

/** Every question asks about the same actors, of a key by several look-ups each. */
function withMemory(who: Identities): Identities {
  const actors = new Map<string, Identity>();
  return {
    ...who,
    ofActor(actor) {
      const found = actors.get(actor) ?? who.ofActor(actor);
      actors.set(actor, found);
      return found;
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const reading = known.get(key) ?? read();
  known.set(key, reading);
  return reading;
}

async function kept<T>(values: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  if (values.has(key)) return values.get(key)!;
  const value = await read();
  values.set(key, value);
  return value;
}

async function membersReadOn(tx: Tx, scope: Scope, organizationId: string): Promise<DayNumber | null> {
  const [row] = await coverageOf(tx, scope, organizationId, "users");
  return row?.state === "complete" ? dayOfInstant(row.readAtMs) : null;
}

/** Who stands behind every actor, by what is known today. */
export async function readIdentities(tx: Tx, scope: Scope): Promise<Identities> {
  const users = await listColumn(tx, scope, "users", "email");
  const keyNames = await listColumn(tx, scope, "api_keys", "name");
  return identities({
    people: await listPeople(tx, scope),
    owners: await listActorOwners(tx, scope),
    users: new Map(users),
    keyNames: new Map(keyNames),
    defaultWorkspaces: await defaultWorkspaces(tx, scope),
  });
}

async function defaultWorkspaces(tx: Tx, scope: Scope): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select id
    from workspaces
    where tenant_id = ${scope.tenantId} and is_default = 'true'
  `.execute(tx.db);
  return new Set(rows.map(({ id }) => id));
}

async function listColumn(
  tx: Tx,
  scope: Scope,
  table: "users" | "api_keys",
  column: string,
): Promise<(readonly [string, string])[]> {
  const { rows } = await sql<{ id: string; value: string | null }>`
    select id, ${sql.ref(column)} as value
    from ${sql.table(table)}
    where tenant_id = ${scope.tenantId}
  `.execute(tx.db);
  return rows.flatMap((row) => (row.value === null ? [] : [[row.id, row.value] as const]));
}

// ";" follows ":" in byte order, so this is everything that does not begin with "user:".
const NO_USER = "value < 'user:' or value >= 'user;'";

/** E-mails that are not already trimmed and in lower case. Other alphabets are looked at one by one. */
const ODDLY_SPELLED = `
  value >= 'user:' and value < 'user;'
  and (value <> lower(value) or value like '% %' or octet_length(value) <> length(value))
`;
