import { isUtf8 } from "node:buffer";

import type { Json } from "../domain/index.ts";
import { memberOrder } from "../ledger/index.ts";
import { parseJsonText } from "./json-parser.ts";
import { DEEPEST, JsonUnreadable, looksLikeNumber, setMember } from "./json-value.ts";

/**
 * Reads a body without losing or guessing anything.
 *
 * Numbers are whole and safe, or stand as `{"$n": "<literal>"}`; duplicate members, invalid UTF-8 and lone surrogates
 * are refused; a byte order mark is skipped; `__proto__` is a member like any other. An upstream object that would look
 * like a kept number (one member, named `$n`, `$$n`, …) gets one more `$` in that name: it stays distinct, and the
 * change can be undone.
 *
 * @throws JsonUnreadable
 */
export function readJson(bytes: Buffer): Json {
  if (!isUtf8(bytes)) throw new JsonUnreadable("refused", "bytes that are not UTF-8");
  const decoded = bytes.toString("utf8");
  const text = decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
  return readPlainly(text) ?? parseJsonText(text, DEEPEST);
}

/**
 * The fast way, for texts that are exactly what `JSON.stringify` would write: then no member stood twice (one would be
 * lost) and every literal is the one spelling of its number. Undefined when the text is not of that kind.
 */
export function readPlainly(text: string): Json | undefined {
  // A lone surrogate is written as an escape, and would survive the comparison.
  if (/\\ud[89a-f]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return JSON.stringify(value) === text ? settle(value, 1) : undefined;
  } catch {
    // Whatever is wrong, the careful parser says it better.
    return undefined;
  }
}

/**
 * Replaces, in place, the numbers that cannot be kept as numbers, and puts members in the order of the canonical form:
 * it is walked here anyway, and writing the record's text is then left to JSON.stringify. The value was just parsed and
 * is nobody else's.
 */
function settle(value: Json, depth: number): Json {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : { $n: JSON.stringify(value) };
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) throw new JsonUnreadable("refused", `more than ${DEEPEST} levels of nesting`);
  if (Array.isArray(value)) {
    const list = value as Json[];
    for (let i = 0; i < list.length; i++) {
      const item = list[i]!;
      const settled = settle(item, depth + 1);
      if (settled !== item) list[i] = settled;
    }
    return list;
  }
  const object = value as Record<string, Json>;
  const names = Object.keys(object);
  if (looksLikeNumber(names)) return { [`$${names[0]}`]: settle(object[names[0]!]!, depth + 1) };
  const order = memberOrder(names);
  const target = order === names ? object : {};
  for (let at = 0; at < order.length; at += 1) {
    const name = order[at]!;
    const item = object[name]!;
    const settled = settle(item, depth + 1);
    if (settled !== item || target !== object) setMember(target, name, settled);
  }
  return target;
}
