import { splitActor, type Identity } from "../domain/index.ts";
import type { Identities } from "../metrics/index.ts";
import type { PersonRow } from "../store/index.ts";

/** Who stands behind a key, as a row shows it. */
export interface OwnerShown {
  readonly kind: "person" | "service" | "unmapped";
  /** The person's name, or the service's. */
  readonly name: string | null;
  readonly personId: string | null;
  /** The owner is a person who left the list of people. */
  readonly hasLeft: boolean;
}

export function ownerShown(identity: Identity, who: Identities, today: number): OwnerShown {
  if (identity.population === "unmapped") return { kind: "unmapped", name: null, personId: null, hasLeft: false };
  if (identity.population === "service") {
    return { kind: "service", name: identity.service, personId: null, hasLeft: false };
  }
  const person = who.known.get(identity.person);
  return {
    kind: "person",
    name: person?.name ?? identity.person,
    personId: person?.personId ?? null,
    hasLeft: person !== undefined && hasLeft(person, today),
  };
}

/** Whether somebody who was listed is no longer with us. */
export function hasLeft({ inRoster, endsOn }: PersonRow, today: number): boolean {
  return endsOn !== null ? endsOn < today : !inRoster;
}

/** `key: NAME` as answers print it, as `key:NAME`. */
export function actorOfLabel(label: string): string {
  return label.startsWith("key: ") ? `key:${label.slice("key: ".length)}` : label;
}

/** The name of a key, of an actor such as `key:ci-bot`; null for other actors. */
export function keyNameOf(actor: string): string | null {
  const { kind, name } = splitActor(actor);
  return kind === "key" ? name : null;
}
