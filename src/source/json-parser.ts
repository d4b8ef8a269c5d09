import type { Json } from "../domain/index.ts";
import { JsonUnreadable, looksLikeNumber, setMember } from "./json-value.ts";

/**
 * The careful way to read JSON: RFC 8259, with literals kept where a number would lose them, and duplicates refused.
 *
 * @throws JsonUnreadable
 */
export function parseJsonText(text: string, deepest: number): Json {
  const parser = new Parser(text, deepest);
  return parser.document();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Everything in a string up to its end or an escape. */
// oxlint-disable-next-line no-control-regex -- JSON forbids them inside a text
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Parser {
  readonly #text: string;
  readonly #deepest: number;
  #at = 0;

  constructor(text: string, deepest: number) {
    this.#text = text;
    this.#deepest = deepest;
  }

  document(): Json {
    const value = this.#value(1);
    this.#space();
    if (this.#at < this.#text.length) throw this.#damaged("something after the end");
    return value;
  }

  #value(depth: number): Json {
    this.#space();
    const char = this.#text[this.#at];
    switch (char) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): Json {
    this.#enter(depth);
    const object: Record<string, Json> = {};
    const names: string[] = [];
    if (this.#isNext("}")) return object;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#damaged("a member without a name");
      const name = this.#string();
      if (Object.hasOwn(object, name)) throw new JsonUnreadable("refused", "a member that stands twice in one object");
      this.#expect(":");
      setMember(object, name, this.#value(depth + 1));
      names.push(name);
    } while (this.#isNext(","));
    this.#expect("}");
    return looksLikeNumber(names) ? { [`$${names[0]}`]: object[names[0]!]! } : object;
  }

  #list(depth: number): Json {
    this.#enter(depth);
    const list: Json[] = [];
    if (this.#isNext("]")) return list;
    do list.push(this.#value(depth + 1));
    while (this.#isNext(","));
    this.#expect("]");
    return list;
  }

  #enter(depth: number): void {
    if (depth > this.#deepest) {
      throw new JsonUnreadable("refused", `more than ${this.#deepest} levels of nesting`);
    }
    this.#at += 1;
  }

  #string(): string {
    this.#at += 1;
    let value = "";
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)?.[0] ?? "";
      value += plain;
      this.#at += plain.length;
      const char = this.#text[this.#at];
      if (char === '"') {
        this.#at += 1;
        if (!value.isWellFormed()) throw new JsonUnreadable("refused", "half of a surrogate pair");
        return value;
      }
      if (char !== "\\") throw this.#damaged("a text without an end");
      value += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    if (letter === "u") {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#damaged("an unknown escape");
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const char = ESCAPES[letter];
    if (char === undefined) throw this.#damaged("an unknown escape");
    this.#at += 2;
    return char;
  }

  #number(): Json {
    NUMBER.lastIndex = this.#at;
    const literal = NUMBER.exec(this.#text)?.[0];
    if (literal === undefined) throw this.#damaged("no value");
    this.#at += literal.length;
    const number = Number(literal);
    // "-0", "1.0" and "1e3" are whole as well, but not in their one spelling.
    return Number.isSafeInteger(number) && String(number) === literal ? number : { $n: literal };
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#damaged("no value");
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #isNext(char: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #expect(char: string): void {
    if (!this.#isNext(char)) throw this.#damaged(`no ${char}`);
  }

  #damaged(problem: string): JsonUnreadable {
    const where = this.#at >= this.#text.length ? "at its end" : `at character ${this.#at}`;
    return new JsonUnreadable("broken", `${problem} ${where}`);
  }
}
