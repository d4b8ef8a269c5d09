import { createHmac } from "node:crypto";

import type { Json, JsonObject } from "../domain/index.ts";
import type { SourceClient } from "../source/index.ts";
import type { ErasedIdentifier } from "../store/index.ts";
import { RememberedTexts, swapJson, WHO, type TextSwap } from "./swap-json.ts";

/** Addresses (also percent-encoded) and ids, wherever in a text they stand. */
export const IDENTIFIER =
  /[\p{L}\p{N}._+'’-]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*|(?<![A-Za-z0-9])[A-Za-z]+_[A-Za-z0-9]{6,}(?![A-Za-z0-9_])/gu;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * Swaps the identifiers of who was erased for the pseudonyms that stand for them since. It knows them by keyed hashes
 * alone: each address, id and run of words in a text is hashed and looked up.
 */
export class Suppressor implements TextSwap {
  readonly #key: Buffer;
  readonly #known: ReadonlyMap<string, ErasedIdentifier>;
  /** Lengths of names in words, the longest first. */
  readonly #lengths: readonly number[];
  readonly #isCandidate: (text: string) => boolean = () => true;
  readonly #remembered = new RememberedTexts();

  /** @param sought of all who are listed only who is known by these texts is looked for */
  constructor(key: Buffer, identifiers: readonly ErasedIdentifier[], sought?: readonly string[]) {
    this.#key = key;
    if (sought !== undefined) this.#isCandidate = candidates(sought);
    this.#known = new Map(identifiers.map((one) => [one.hash, one]));
    this.#lengths = [...new Set(identifiers.map(({ words }) => words))].filter((n) => n > 0).toSorted((a, b) => b - a);
  }

  /** Whether nobody is listed: then everything may stay as it is. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** The text with pseudonyms; the same text when it names nobody. */
  text(value: string): string {
    if (this.isEmpty || value === "") return value;
    return this.#remembered.of(value, (text) => this.#swapped(text));
  }

  /** The same of everything in a value; the same value when it names nobody. */
  json<T extends Json>(value: T): T {
    return swapJson(value, this);
  }

  mayName(text: string): boolean {
    return this.#isCandidate(text);
  }

  nameIn(object: JsonObject): string | null {
    for (const name of WHO) {
      const member = object[name];
      const found = typeof member === "string" && member !== "" ? this.find(member) : null;
      if (found !== null) return namePseudonym(found.subject);
    }
    return null;
  }

  /** What is listed under this very text, or null. */
  find(text: string): ErasedIdentifier | null {
    const { kind } = kindOf(text);
    return this.#known.get(hashOf(this.#key, kind, text)) ?? null;
  }

  #swapped(value: string): string {
    let out = "";
    let at = 0;
    for (const match of value.matchAll(IDENTIFIER)) {
      out += this.#names(value.slice(at, match.index)) + this.#token(match[0]);
      at = match.index + match[0].length;
    }
    return out + this.#names(value.slice(at));
  }

  #token(token: string): string {
    if (!/@|%40/.test(token)) return this.#known.get(hashOf(this.#key, "id", token))?.pseudonym ?? token;
    const lead = /^['’.-]+/.exec(token)?.[0] ?? "";
    for (const start of lead === "" ? [0] : [0, lead.length]) {
      const address = token.slice(start).replace("%40", "@");
      const found = this.#known.get(hashOf(this.#key, "email", address));
      if (found === undefined) continue;
      const spelled = spelledAs(this.#key, found.pseudonym, address);
      return token.slice(0, start) + (token.includes("%40") ? spelled.replace("@", "%40") : spelled);
    }
    return token;
  }

  #names(text: string): string {
    if (this.#lengths.length === 0 || text === "") return text;
    const words = [...text.matchAll(WORD)];
    let out = "";
    let at = 0;
    for (let first = 0; first < words.length;) {
      const found = this.#nameAt(words, first);
      if (found === null) {
        first += 1;
        continue;
      }
      const last = words[first + found.words - 1]!;
      out += text.slice(at, words[first]!.index) + found.pseudonym;
      at = last.index + last[0].length;
      first += found.words;
    }
    return out + text.slice(at);
  }

  #nameAt(words: readonly RegExpExecArray[], first: number): ErasedIdentifier | null {
    for (const length of this.#lengths) {
      if (first + length > words.length) continue;
      const run = words.slice(first, first + length).map(([word]) => word);
      const found = this.#known.get(hashOf(this.#key, "name", run.join(" ")));
      if (found !== undefined) return found;
    }
    return null;
  }
}

/** A client whose answers name nobody who was erased: what they say is swapped before anything sees it. */
export function suppressingClient(client: SourceClient, suppressor: Suppressor): SourceClient {
  if (suppressor.isEmpty) return client;
  return {
    fingerprint: client.fingerprint,
    load: () => client.load(),
    async get(request, signal) {
      const page = await client.get(request, signal);
      const { path, query } = page.facts;
      const facts = { ...page.facts, path: suppressor.text(path), query: suppressor.text(query) };
      // With these the next page is asked for: upstream must know them again.
      const cursors = Object.fromEntries(
        CURSORS.flatMap((name) => (name in page.body ? [[name, page.body[name]!]] : [])),
      );
      return { ...page, facts, body: { ...suppressor.json(page.body), ...cursors } };
    },
  };
}

const CURSORS = ["first_id", "last_id", "next_page"];

/** Lists texts under which somebody was known, each with a pseudonym that says nothing. */
export function listIdentifiers(
  key: Buffer,
  texts: readonly string[],
  { subject, erasedMs, random }: { subject: string; erasedMs: number; random: { bytes(count: number): Buffer } },
): ErasedIdentifier[] {
  const listed = new Map<string, ErasedIdentifier>();
  for (const text of texts) {
    const { kind, words } = kindOf(text);
    // Names also stand with the family name first.
    const spellings = kind === "name" && words === 2 ? [text, wordsOf(text).toReversed().join(" ")] : [text];
    for (const spelling of spellings) {
      const hash = hashOf(key, kind, spelling);
      if (!listed.has(hash)) {
        const token = random.bytes(8).toString("hex");
        const pseudonym = {
          email: () => `erased-${token}@erased.invalid`,
          id: () => `${/^[A-Za-z]+_/.exec(text)![0]}erased${token}`,
          name: () => namePseudonym(subject),
        }[kind]();
        listed.set(hash, { hash, kind, words, pseudonym, subject, erasedMs });
      }
    }
  }
  return [...listed.values()];
}

/** Two lists as one, in a fixed order; of an identifier that both have, what the second one says. */
export function unionOf(first: readonly ErasedIdentifier[], second: readonly ErasedIdentifier[]): ErasedIdentifier[] {
  const byHash = new Map([...first, ...second].map((one) => [one.hash, one]));
  return [...byHash.values()].toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
}

/** How somebody who was erased is called. */
export function namePseudonym(subject: string): string {
  return `Erased person ${subject.slice(-4)}`;
}

/** Whether a text is one of the pseudonyms of `listIdentifiers`, in any spelling. It names nobody who could be erased. */
export function isErasedPseudonym(text: string): boolean {
  return PSEUDONYM.test(text);
}

const PSEUDONYM =
  /^(?:erased-[0-9a-f]{16}(?:-[0-9a-f]{8})?@erased\.invalid|[A-Za-z]+_erased[0-9a-f]{16}|Erased person [0-9a-f]{4})$/;

/** What a text is as an identifier: an address, an id of the source, else a name of so many words. */
export function kindOf(text: string): Pick<ErasedIdentifier, "kind" | "words"> {
  if (text.includes("@")) return { kind: "email", words: 0 };
  if (/^[A-Za-z]+_[A-Za-z0-9]{6,}$/.test(text)) return { kind: "id", words: 0 };
  return { kind: "name", words: wordsOf(text).length };
}

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** Ids are exact; addresses and names are the same in any case of letters, names whatever stands between their words. */
function hashOf(key: Buffer, kind: ErasedIdentifier["kind"], text: string): string {
  const plain = { id: () => text, email: () => folded(text), name: () => folded(wordsOf(text).join(" ")) }[kind]();
  return createHmac("sha256", key).update(`${kind}\n${plain}`).digest("hex");
}

/**
 * Whether a text may hold one of these identifiers. Of each a part is looked for that stands in whatever spelling the
 * Suppressor knows it by; a text with letters beyond ASCII may spell it in more ways, and always may.
 */
function candidates(texts: readonly string[]): (text: string) => boolean {
  const parts = texts.map((text) => folded({ email: mailbox, id: String, name: longestWord }[kindOf(text).kind](text)));
  return (text) => {
    if (/[^\0-\x7f]/.test(text)) return true;
    const lower = text.toLowerCase();
    return parts.some((part) => lower.includes(part));
  };
}

function mailbox(address: string): string {
  return address.slice(0, address.indexOf("@"));
}

function longestWord(name: string): string {
  return wordsOf(name).reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}

function folded(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

/** Two spellings of one address are two keys of records, which must not become one. */
function spelledAs(key: Buffer, pseudonym: string, address: string): string {
  if (address === folded(address)) return pseudonym;
  const mark = createHmac("sha256", key).update(`spelling\n${address}`).digest("hex").slice(0, 8);
  return pseudonym.replace("@", `-${mark}@`);
}
