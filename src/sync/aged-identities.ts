import { createHmac } from "node:crypto";

import { normalizedEmail, type Json, type JsonObject } from "../domain/index.ts";
import type { Swapper } from "./erase-mentions.ts";
import { IDENTIFIER } from "./suppressor.ts";
import { RememberedTexts, swapJson, WHO, type TextSwap } from "./swap-json.ts";

const LETTERS = "abcdefghijklmnop";
/** What stands under a pseudonym already. */
const IS_PSEUDONYM = /@(?:aged|erased)\.invalid$/i;
/** Ids have digits; `user_profile` is a word. */
const IS_MEMBER = /^user_(?!aged|erased)(?=[A-Za-z]*\d)/;
const MAY_NAME = /@|user_/;

/** Somebody with more than one address. */
export interface AgedPerson {
  readonly personId: string;
  readonly emails: readonly string[];
}

/**
 * Swaps every address and every id of a member for a pseudonym: in records that are too old to say whose they are.
 *
 * A pseudonym is a keyed hash of the person, so that somebody stays one person over all days under pseudonyms, whatever
 * their address; nothing is kept that leads from a person to theirs. Two spellings, or two addresses, of one person
 * become two spellings of one pseudonym: as keys of records they stay apart, and whoever counts people folds them.
 */
export class AgedIdentities implements Swapper, TextSwap {
  readonly #key: Buffer;
  readonly #persons = new Map<string, AgedPerson>();
  readonly #met = new Set<string>();
  readonly #remembered = new RememberedTexts();

  constructor(key: Buffer, people: readonly AgedPerson[]) {
    this.#key = key;
    for (const person of people) for (const email of person.emails) this.#persons.set(normalizedEmail(email), person);
  }

  /** How many people were swapped so far; an address and an id at Anthropic are two. */
  get met(): number {
    return this.#met.size;
  }

  json<T extends Json>(value: T): T {
    return swapJson(value, this);
  }

  mayName(text: string): boolean {
    return MAY_NAME.test(text);
  }

  /** The pseudonym of an address or of an id of a member; any other text as it is. */
  of(identifier: string): string {
    if (identifier.includes("@")) return IS_PSEUDONYM.test(identifier) ? identifier : this.#address(identifier);
    if (!IS_MEMBER.test(identifier)) return identifier;
    const pseudonym = `user_aged${this.#hash(`id\n${identifier}`).slice(0, 16)}`;
    this.#met.add(pseudonym);
    return pseudonym;
  }

  nameIn(object: JsonObject): string | null {
    const who = WHO.map((name) => object[name]).find((id) => typeof id === "string" && this.text(id) !== id);
    return typeof who === "string" ? `Aged person ${this.text(who).replace("@aged.invalid", "").slice(-4)}` : null;
  }

  text(text: string): string {
    return this.#remembered.of(text, () => text.replace(IDENTIFIER, (token) => this.of(token)));
  }

  #address(address: string): string {
    const folded = normalizedEmail(address);
    const person = this.#persons.get(folded);
    const usual = normalizedEmail(person?.emails[0] ?? address);
    const hashed = this.#hash(person === undefined ? `address\n${folded}` : `person\n${person.personId}`);
    const letters = Array.from(hashed.slice(0, 24), (digit) => LETTERS[Number.parseInt(digit, 16)]!);
    this.#met.add(letters.join(""));
    // Upper case where the hash of the spelling has a bit: 2^-24 that two spellings of one day meet.
    const spelling = address === usual ? 0n : BigInt(`0x${this.#hash(`spelling\n${address}`).slice(0, 6)}`) | 1n;
    const spelled = letters.map((letter, at) => ((spelling >> BigInt(at)) & 1n ? letter.toUpperCase() : letter));
    return `aged-${spelled.join("")}@aged.invalid`;
  }

  #hash(text: string): string {
    return createHmac("sha256", this.#key).update(`aged\n${text}`).digest("hex");
  }
}
