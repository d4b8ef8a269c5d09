import { LedgerError } from "./error.ts";
import { memberOrder } from "./member-order.ts";

/**
 * The one spelling of a JSON value: RFC 8785 (JCS), narrowed so that every language agrees.
 *
 * Members sorted by UTF-16 code units, no white space, strings as `JSON.stringify` writes them, numbers only
 * integers from -(2^53-1) to 2^53-1. Two equal values give the same text, so equal texts mean an unchanged record.
 *
 * @throws CanonicalError for what has no such spelling: undefined, functions, dates and other class instances,
 * fractions, NaN, -0, a lone surrogate, more than 64 levels of nesting.
 */
export function canonicalJson(value: unknown): string {
  // Native JSON.stringify is several times faster than building the text, and right whenever members stand in order.
  return isInOrder(value, 1) ? JSON.stringify(value) : write(value, 1);
}

/**
 * Reads a text that must already be canonical: anything whose canonical form is not that very text is refused,
 * so duplicate members, other number spellings and white space cannot hide.
 *
 * @throws CanonicalError
 */
export function parseCanonical(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CanonicalError("not JSON", { cause });
  }
  if (canonicalJson(value) !== text) throw new CanonicalError("not in canonical form");
  return value;
}

/** A value or text that canonical JSON refuses. */
export class CanonicalError extends LedgerError {
  override readonly name = "CanonicalError";
}

const DEEPEST = 64;

/**
 * Whether every object already enumerates its members in canonical order. Then the whole value has been checked too;
 * otherwise the looking ended early, and writing checks it.
 */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) {
    checkScalar(value);
    return true;
  }
  if (depth > DEEPEST) throw tooDeep();
  if (Array.isArray(value)) {
    // A hole reads as undefined and is refused.
    for (const item of value) if (!isInOrder(item, depth + 1)) return false;
    return true;
  }
  checkPlain(value);
  const members = value as Record<string, unknown>;
  const keys = Object.keys(members);
  if (memberOrder(keys) !== keys) return false;
  for (let at = 0; at < keys.length; at += 1) {
    checkString(keys[at]!);
    if (!isInOrder(members[keys[at]!], depth + 1)) return false;
  }
  return true;
}

/** Writes a value, checking it on the way. */
function write(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) {
    checkScalar(value);
    return typeof value === "number" ? `${value}` : JSON.stringify(value);
  }
  if (depth > DEEPEST) throw tooDeep();
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? write(item, depth + 1) : `,${write(item, depth + 1)}`;
    return `[${text}]`;
  }
  checkPlain(value);
  const members = value as Record<string, unknown>;
  for (const key of memberOrder(Object.keys(members))) {
    text += `${text === "" ? "" : ","}${quoted(key)}${write(members[key], depth + 1)}`;
  }
  return `{${text}}`;
}

function checkScalar(value: unknown): void {
  if (typeof value === "string") return checkString(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      throw new CanonicalError("a number that is not a safe integer");
    }
    return;
  }
  if (typeof value !== "boolean" && value !== null) throw new CanonicalError(`a value of type ${typeof value}`);
}

function checkString(text: string): void {
  if (!text.isWellFormed()) throw new CanonicalError("a lone surrogate");
}

function checkPlain(value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new CanonicalError("an object that is not plain");
}

function tooDeep(): CanonicalError {
  return new CanonicalError(`more than ${DEEPEST} levels of nesting`);
}

// Upstream objects repeat a few dozen member names for ever. Bounded, since a name may also be anything.
const quotedKeys = new Map<string, string>();
const QUOTED_KEYS_KEPT = 1024;

function quoted(key: string): string {
  let text = quotedKeys.get(key);
  if (text === undefined) {
    checkString(key);
    text = `${JSON.stringify(key)}:`;
    if (quotedKeys.size < QUOTED_KEYS_KEPT && key.length <= 64) quotedKeys.set(key, text);
  }
  return text;
}
