import { createHmac } from "node:crypto";

import type { Hiding, Identity } from "../domain/index.ts";
import { identityLabel } from "./identity.ts";

/** What a pseudonym stands for. Actors of one person have one each, and the person another. */
export type Pseudonym = "person" | "actor" | "key";

const PREFIX: Readonly<Record<Pseudonym, string>> = { person: "p", actor: "a", key: "k" };
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
/** 80 bits: two people of a million share one about once in a trillion installations. */
const LETTERS = 16;

/** Whether a text has the shape of a pseudonym; nobody's e-mail or key has. */
export function isPseudonym(text: string): boolean {
  return /^[pak]-[a-z2-7]{16}$/.test(text);
}

/**
 * A name for whom must not be named: the same for the same id in one installation, and nothing to guess at without its
 * key. In the mode `teams` nobody has one.
 */
export function pseudonymOf(hiding: Hiding, kind: Pseudonym, id: string): string {
  if (hiding.mode === "teams") return HIDDEN;
  const digest = createHmac("sha256", hiding.key).update(`${kind}\0${id}`).digest();
  let letters = "";
  for (let bit = 0; letters.length < LETTERS; bit += 5) {
    const two = ((digest[bit >> 3]! << 8) | digest[(bit >> 3) + 1]!) >> (11 - (bit & 7));
    letters += ALPHABET[two & 31]!;
  }
  return `${PREFIX[kind]}-${letters}`;
}

/** An identity as it may be shown: services keep their names, people and keys that nobody claimed do not. */
export function hiddenLabel(hiding: Hiding, identity: Identity): string {
  if (identity.population === "humans") return pseudonymOf(hiding, "person", identity.person);
  // Traffic of keys that the report does not name: no key and no person.
  if (identity.population === "service" || identity.label === UNNAMED_KEYS) return identityLabel(identity);
  return pseudonymOf(hiding, "key", identity.label);
}

const HIDDEN = "(hidden)";
const UNNAMED_KEYS = "API keys";
