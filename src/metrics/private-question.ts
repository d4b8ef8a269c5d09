import { Failure, normalizedEmail } from "../domain/index.ts";
import type { Hiding, Scope } from "../domain/index.ts";
import type { Asking } from "./asking.ts";
import { whoOf } from "./dimensions.ts";
import type { Dimension } from "./dimensions.ts";
import type { Identities } from "./identity.ts";
import { hiddenLabel, isPseudonym, pseudonymOf } from "./pseudonym.ts";
import type { Filter, Resolved } from "./resolve.ts";

/** A question as its asker may put it. */
export interface Guarded {
  readonly resolved: Resolved;
  /** Null when nothing has to be hidden: everybody is named, or it is about the asker alone. */
  readonly hiding: Hiding | null;
}

/** Dimensions that single people out. */
export const INDIVIDUAL: ReadonlySet<string> = new Set(["person", "actor", "api_key"]);

/**
 * Refuses what singles somebody out, and swaps names for pseudonyms where those are allowed.
 *
 * @throws Failure `access.individuals`, the same whether the person is known or not
 */
export async function guard(asking: Asking): Promise<Guarded> {
  const { resolved, scope } = asking;
  const { privacy } = scope;
  if (privacy.mode === "named") return { resolved, hiding: null };
  const who = await asking.identities();
  const own = aboutSelf(resolved, scope, who);
  if (own) return { resolved: own, hiding: null };
  if (privacy.mode === "teams") {
    const named = resolved.by.find(({ id }) => id === "person" || id === "actor");
    if (named) refuse("by", `Ask by team instead, or ask an admin for the permission people.`);
  }
  for (const filter of resolved.where) checkFilter(filter, privacy, who);
  return {
    resolved: {
      ...resolved,
      by: resolved.by.map((one) => privateDimension(privacy, one)),
      where: resolved.where.map((one) => ({ ...one, dimension: privateDimension(privacy, one.dimension) })),
    },
    hiding: privacy,
  };
}

/** The dimension with pseudonyms for values, or itself when it names nobody. */
export function privateDimension(hiding: Hiding, dimension: Dimension): Dimension {
  const known = new Map<string, string>();
  const kept = (id: string, make: () => string) => {
    const label = known.get(id) ?? make();
    known.set(id, label);
    return label;
  };
  switch (dimension.id) {
    case "person":
      return {
        ...dimension,
        derive: (texts, who) => {
          const identity = whoOf(texts, who);
          return identity === null ? null : kept(JSON.stringify(identity), () => hiddenLabel(hiding, identity));
        },
      };
    case "actor":
      return {
        ...dimension,
        derive: (texts, who, day) => {
          const identity = whoOf(texts, who);
          const actor = dimension.derive!(texts, who, day);
          if (identity === null || actor === null) return actor;
          if (identity.population === "service") return actor;
          return kept(actor, () => pseudonymOf(hiding, "actor", actor));
        },
      };
    case "api_key":
      return {
        ...dimension,
        derive: ([key = null], who) => {
          if (key === null || isService(who, key)) return key;
          return hiding.mode === "teams" ? key : kept(key, () => pseudonymOf(hiding, "key", key));
        },
      };
    default:
      return dimension;
  }
}

/** The question about the asker alone, under the name that the record has for them; null when it is about others. */
function aboutSelf(resolved: Resolved, { self }: Scope, who: Identities): Resolved | null {
  if (self === undefined || self === null) return null;
  const own = [...who.known].find(([, row]) => row.personId === self);
  const asked = resolved.where.find(({ dimension }) => dimension.id === "person");
  if (!own || !asked) return null;
  const [label, row] = own;
  const names = new Set([label, self, ...row.emails.map(normalizedEmail)]);
  if (![...asked.values].every((value) => value !== null && (names.has(value) || names.has(normalizedEmail(value)))))
    return null;
  const where = resolved.where.map((filter) => (filter === asked ? { ...filter, values: new Set([label]) } : filter));
  return { ...resolved, where };
}

function checkFilter({ dimension, values }: Filter, hiding: Hiding, who: Identities): void {
  if (!INDIVIDUAL.has(dimension.id)) return;
  for (const value of values) {
    if (value === null || value.startsWith("service: ") || value.startsWith("svac:")) continue;
    if (hiding.mode === "pseudonymous" && isPseudonym(value)) continue;
    if (isService(who, value)) continue;
    refuse(
      "where",
      hiding.mode === "teams"
        ? "Leave the filter out, or ask an admin for the permission people."
        : `Filter by a pseudonym as reports show it, or ask an admin for the permission people.`,
    );
  }
}

/** A key's id, or an actor as reports print it, that belongs to a service. */
function isService(who: Identities, text: string): boolean {
  if (text.startsWith("key: ")) return who.ofActor(`key:${text.slice("key: ".length)}`).population === "service";
  return who.ofApiKey(text).population === "service";
}

function refuse(field: string, remedy: string): never {
  throw new Failure("access.individuals", { field, remedy });
}
