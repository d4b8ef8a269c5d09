import type { Json } from "../domain/index.ts";

/**
 * `broken`: the text ends early or is damaged, so asking again may help. `refused`: it is whole, but it does not say
 * one thing only (a duplicate member, bytes that are no UTF-8), so nothing of it is believed.
 */
export class JsonUnreadable extends Error {
  override readonly name = "JsonUnreadable";
  readonly kind: "broken" | "refused";

  constructor(kind: "broken" | "refused", problem: string) {
    super(problem);
    this.kind = kind;
  }
}

/**
 * Levels of nesting that are accepted: the 64 of the record's canonical form, less those that a kept number, the
 * payload around a record and the list of a conflict add.
 */
export const DEEPEST = 60;

/** Whether an object must be told apart from a kept number. */
export function looksLikeNumber(names: readonly string[]): boolean {
  return names.length === 1 && /^\$+n$/.test(names[0] ?? "");
}

/** Sets an own member, `__proto__` too: a plain assignment would change the prototype instead. */
export function setMember(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
