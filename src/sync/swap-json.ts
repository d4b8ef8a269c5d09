import { isJsonObject, type Json, type JsonObject } from "../domain/index.ts";

/** Members that say who an object is about, and those that name whom it is about. */
export const WHO = ["id", "user_id", "email", "email_address"];
export const NAMES = ["name", "display_name", "full_name"];

/** What stands for the people whom texts name. */
export interface TextSwap {
  /** The text with pseudonyms; the same text when it names nobody. */
  text(text: string): string;
  /** The name of whom an object is about, or null when that is nobody who has a pseudonym. */
  nameIn(object: JsonObject): string | null;
}

/** Texts whose outcome is remembered at a time: a report says the same few over and over. */
const MOST_REMEMBERED = 100_000;

/** What was made of texts. */
export class RememberedTexts {
  readonly #known = new Map<string, string>();

  of(text: string, make: (text: string) => string): string {
    const before = this.#known.get(text);
    if (before !== undefined) return before;
    const after = make(text);
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(text, after);
    return after;
  }
}

/** A value with every text and every member's name swapped; the same value when nothing in it is. */
export function swapJson<T extends Json>(value: T, swap: TextSwap): T {
  // What comes out has the shape of what went in: texts become other texts.
  return swapped(value, swap) as T;
}

function swapped(value: Json, swap: TextSwap): Json {
  if (typeof value === "string") return swap.text(value);
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    const others = list.map((one) => swapped(one, swap));
    return others.some((one, at) => one !== list[at]) ? others : list;
  }
  return isJsonObject(value) ? swappedObject(value, swap) : value;
}

function swappedObject(object: JsonObject, swap: TextSwap): JsonObject {
  const theirName = swap.nameIn(object);
  let isSame = true;
  const members = Object.entries(object).map(([name, member]): [string, Json] => {
    const otherName = swap.text(name);
    // Beside an identifier any name is that person's, also one that another may have too.
    const isTheirs = theirName !== null && typeof member === "string" && member !== "" && NAMES.includes(name);
    const other = isTheirs ? theirName : swapped(member, swap);
    if (other !== member || otherName !== name) isSame = false;
    return [otherName, other];
  });
  return isSame ? object : Object.fromEntries(members);
}
