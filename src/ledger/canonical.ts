import { LedgerError } from "./error.ts";

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
  return isInOrder(value, 1) ? JSON.stringify(value) : write(value);
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

/** Checks the whole value, and says whether every object already enumerates its members in canonical order. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
      checkString(value);
      return true;
    case "number":
      if (!Number.isSafeInteger(value) || Object.is(value, -0))
        throw new CanonicalError("a number that is not a safe integer");
      return true;
    case "boolean":
      return true;
    case "object":
      break;
    default:
      throw new CanonicalError(`a value of type ${typeof value}`);
  }
  if (value === null) return true;
  if (depth > DEEPEST) throw new CanonicalError(`more than ${DEEPEST} levels of nesting`);
  let inOrder = true;
  if (Array.isArray(value)) {
    // By index, not for-of over a sparse array's holes: a hole reads as undefined and is refused.
    for (const item of value) if (!isInOrder(item, depth + 1)) inOrder = false;
    return inOrder;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new CanonicalError("an object that is not plain");
  let previous: string | undefined;
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    checkString(key);
    if (previous !== undefined && key < previous) inOrder = false;
    previous = key;
    if (!isInOrder(members[key], depth + 1)) inOrder = false;
  }
  return inOrder;
}

function checkString(text: string): void {
  if (!text.isWellFormed()) throw new CanonicalError("a lone surrogate");
}

/** Writes a value that has been checked. */
function write(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return typeof value === "number" ? `${value}` : JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? write(item) : `,${write(item)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) {
    text += `${text === "" ? "" : ","}${quoted(key)}${write(members[key])}`;
  }
  return `{${text}}`;
}

// Upstream objects repeat a few dozen member names for ever. Bounded, since a name may also be anything.
const quotedKeys = new Map<string, string>();
const QUOTED_KEYS_KEPT = 1024;

function quoted(key: string): string {
  let text = quotedKeys.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    if (quotedKeys.size < QUOTED_KEYS_KEPT && key.length <= 64) quotedKeys.set(key, text);
  }
  return text;
}
