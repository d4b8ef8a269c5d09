import { Failure } from "../domain/index.ts";
import type { DayNumber, Span } from "../domain/index.ts";
import { listConnections, type ActiveBits, type Scope, type Tx } from "../store/index.ts";
import type { StreamCoverage } from "./coverage.ts";
import { connection, findDimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";
import { lookupsOf } from "./lookups.ts";
import type { Organization } from "./organizations.ts";
import type { Filter, Resolved } from "./resolve.ts";
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
  const known = lookupsOf(tx, scope);
  const byOrganization = await organizationFilters(tx, scope, resolved.where);
  const { organizations, warnings } = await known.organizations({ ...resolved, where: byOrganization });
  const where = await Promise.all(byOrganization.map((filter) => asShown(filter, known)));
  return { ...known, tx, scope, resolved: { ...resolved, where }, organizations, warnings: [...warnings] };
}

/** Connections stand for the organizations that they read; both together are what they have in common. */
async function organizationFilters(tx: Tx, scope: Scope, where: readonly Filter[]): Promise<readonly Filter[]> {
  const asked = where.find(({ dimension }) => dimension === connection);
  if (asked === undefined) return where;
  const known = await listConnections(tx, scope);
  const read = [...asked.values].map((name) => {
    const found = known.find((one) => one.name === name);
    if (found !== undefined) return found.organizationId;
    const choices = known.map((one) => one.name).join(", ") || "none yet";
    throw new Failure("input.unknown_value", { field: "where: connection", value: name ?? "null", choices });
  });
  const dimension = findDimension("organization");
  const organizations = where.find((filter) => filter.dimension === dimension)?.values ?? new Set(read);
  const others = where.filter((filter) => filter !== asked && filter.dimension !== dimension);
  return [...others, { dimension, values: new Set(read.filter((id) => organizations.has(id))) }];
}

/** A workspace may be asked for by an id under which no answer shows it. */
async function asShown(filter: Filter, { identities }: Pick<Asking, "identities">): Promise<Filter> {
  const { dimension, values } = filter;
  if (dimension.id !== "workspace") return filter;
  const who = await identities();
  return { dimension, values: new Set([...values].map((id) => dimension.derive!([id], who))) };
}
