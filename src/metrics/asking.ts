import { sql } from "kysely";

import { dayOfInstant } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import { activeDays, coverageOf, dimValuesWhere, listActorOwners, listPeople } from "../store/index.ts";
import type { ActiveBits, Scope, Tx } from "../store/index.ts";
import type { StreamCoverage } from "./coverage.ts";
import { streamCoverage } from "./coverage.ts";
import { identities } from "./identity.ts";
import type { Identities } from "./identity.ts";
import { organizationsOf } from "./organizations.ts";
import type { Organization } from "./organizations.ts";
import type { Resolved } from "./resolve.ts";
import { textsOf } from "./texts.ts";
import type { Texts } from "./texts.ts";
import type { ActiveRule, AnswerWarning } from "./types.ts";

/** One question being answered: the transaction, what was looked up so far, and what has to be said with the answer. */
export interface Asking {
  readonly tx: Tx;
  readonly scope: Scope;
  readonly resolved: Resolved;
  readonly texts: Texts;
  readonly organizations: readonly Organization[];
  /** Read when first needed. */
  identities(): Promise<Identities>;
  /** Actors that are no e-mail, by code: keys and service accounts, the only ones that need an owner. */
  nonUserActors(): Promise<ReadonlyMap<number, string>>;
  /** E-mails that may be another actor's too once trimmed and put in lower case, by code. */
  oddlySpelledActors(): Promise<ReadonlyMap<number, string>>;
  coverage(organization: Organization, stream: string): Promise<StreamCoverage>;
  /** Stored sets of active actors, of all organizations. */
  activeBits(rule: ActiveRule, span: Span): Promise<readonly ActiveBits[]>;
  /** The day on which the list of members was last read to its end, or null. */
  membersReadOn(organization: Organization): Promise<DayNumber | null>;
  readonly warnings: AnswerWarning[];
}

export async function beginAsking(tx: Tx, scope: Scope, resolved: Resolved): Promise<Asking> {
  const texts = textsOf(tx, scope);
  const coverages = new Map<string, Promise<StreamCoverage>>();
  const { organizations, warnings } = await organizationsOf(tx, scope, resolved);
  const bits = new Map<ActiveRule, { span: Span; days: Promise<readonly ActiveBits[]> }>();
  let known: Promise<Identities> | undefined;
  let keys: Promise<ReadonlyMap<number, string>> | undefined;
  return {
    tx,
    scope,
    resolved,
    texts,
    organizations,
    identities: () => (known ??= readIdentities(tx, scope)),
    nonUserActors: () => (keys ??= dimValuesWhere(tx, scope, "actor", NO_USER)),
    oddlySpelledActors: () => dimValuesWhere(tx, scope, "actor", ODDLY_SPELLED),
    coverage(organization, stream) {
      const key = `${stream} ${organization.id}`;
      const reading = coverages.get(key) ?? streamCoverage(tx, scope, organization.id, stream);
      coverages.set(key, reading);
      return reading;
    },
    async activeBits(rule, span) {
      const read = bits.get(rule);
      if (!read || read.span.from > span.from || read.span.to < span.to) {
        bits.set(rule, { span, days: activeDays(tx, scope, { rule, from: span.from, to: span.to }) });
      }
      const days = await bits.get(rule)!.days;
      return days.filter(({ day }) => day >= span.from && day < span.to);
    },
    async membersReadOn(organization) {
      const [row] = await coverageOf(tx, scope, organization.id, "users");
      return row?.state === "complete" ? dayOfInstant(row.readAtMs) : null;
    },
    warnings: [...warnings],
  };
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
  });
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
