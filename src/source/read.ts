import {
  dayOfText,
  bucketText,
  isFailure,
  isJsonObject,
  numberLiteral,
  picoUsdFromCents,
  tryDay,
  type DayNumber,
  type Json,
  type JsonObject,
} from "../domain/index.ts";
import { canonicalJson } from "../ledger/index.ts";

/**
 * Told of every member that could not be read: its dotted path, and what stands there instead. `odd`: it was read as it
 * stands and nothing is lost, but somebody should know.
 */
export type Problem = (path: string, what: string, severity?: "odd") => void;

/**
 * Whether the documentation says that a member may be absent or null. A required member that is missing is a problem,
 * an optional one is silently null.
 */
export type Presence = "required" | "optional";

const LARGEST = 2n ** 63n - 1n;

/** The member at a dotted path, or undefined where the path ends early. */
export function member(data: Json | undefined, path: string): Json | undefined {
  let at: Json | undefined = data;
  for (const name of namesOf(path)) {
    if (!isJsonObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

// Paths are a few dozen, written in the code, and read for every record of a sync. Bounded, since a tool's name is in some.
const splitPaths = new Map<string, readonly string[]>();
const SPLIT_PATHS_KEPT = 1_000;

function namesOf(path: string): readonly string[] {
  let names = splitPaths.get(path);
  if (names === undefined) {
    names = path.split(".");
    if (splitPaths.size < SPLIT_PATHS_KEPT) splitPaths.set(path, names);
  }
  return names;
}

/**
 * A whole number, exact up to 64 bits. Null when missing or unreadable: null is not zero.
 *
 * A negative one is kept and told, because the source said so and a total must show it.
 */
export function countAt(data: Json | undefined, path: string, problem: Problem, presence: Presence): bigint | null {
  const value = member(data, path);
  if (absent(value, path, problem, presence)) return null;
  // A number that came through as a number is whole and safe; only other literals need a closer look.
  const literal = typeof value === "number" ? null : numberLiteral(value);
  const count = typeof value === "number" ? BigInt(value) : literal === null ? null : wholeNumber(literal);
  if (count === null || count > LARGEST || count < -LARGEST) {
    problem(path, `${describe(value)} where a whole number belongs`);
    return null;
  }
  if (count < 0n) problem(path, "is negative", "odd");
  return count;
}

/** A text, or null when it is absent, null or something else. */
export function textAt(data: Json | undefined, path: string, problem: Problem, presence: Presence): string | null {
  const value = member(data, path);
  if (absent(value, path, problem, presence)) return null;
  if (typeof value === "string") return value;
  problem(path, `${describe(value)} where a text belongs`);
  return null;
}

/**
 * A text that is part of a row's key. One of another type keeps a spelling of its own, so that two records that differ
 * only there do not fall on one row.
 */
export function keyTextAt(data: Json | undefined, path: string, problem: Problem): string | null {
  const value = member(data, path);
  if (value === undefined || value === null || typeof value === "string") return value ?? null;
  problem(path, `${describe(value)} where a text belongs`);
  return `unreadable:${canonicalJson(value)}`;
}

/**
 * An amount in cents, a decimal string or a JSON number, as pico-dollars.
 *
 * 64 bits hold 9.2 million dollars; an amount beyond that in one line is told and null.
 */
export function picoAt(data: Json | undefined, path: string, problem: Problem, presence: Presence): bigint | null {
  const value = member(data, path);
  if (absent(value, path, problem, presence)) return null;
  const literal = typeof value === "string" ? value : numberLiteral(value);
  if (literal === null) {
    problem(path, `${describe(value)} where an amount belongs`);
    return null;
  }
  try {
    const { picoUsd, rounded } = picoUsdFromCents(literal);
    if (picoUsd > LARGEST || picoUsd < -LARGEST) {
      problem(path, "an amount too large for a row");
      return null;
    }
    if (rounded) problem(path, "has digits below a pico-dollar; rounded half-even", "odd");
    return picoUsd;
  } catch (thrown) {
    if (!isFailure(thrown, "source.amount_unreadable")) throw thrown;
    problem(path, "a text that is not a decimal amount");
    return null;
  }
}

/** "true", "false" or null: how a flag stands in a dimension. */
export function flagAt(data: Json | undefined, path: string, problem: Problem): string | null {
  const value = member(data, path);
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return String(value);
  return keyTextAt(data, path, problem);
}

/** The objects of a list; anything else in it is told. Null when there is no list. */
export function objectsAt(
  data: Json | undefined,
  path: string,
  problem: Problem,
  presence: Presence,
): JsonObject[] | null {
  const value = member(data, path);
  if (absent(value, path, problem, presence)) return null;
  if (!Array.isArray(value)) {
    problem(path, `${describe(value)} where a list belongs`);
    return null;
  }
  return objectsOf(value as readonly Json[], (what, index) => problem(`${path}.${index}`, what));
}

/** The objects of a list, in order; every other entry is told. */
export function objectsOf(list: readonly Json[], odd: (what: string, index: number) => void): JsonObject[] {
  const objects: JsonObject[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const entry = list[index]!;
    if (isJsonObject(entry)) objects.push(entry);
    else odd(`${describe(entry)} where an object belongs`, index);
  }
  return objects;
}

/** The part of a natural key that a member gives: as reported, missing being null. */
export function keyPart(data: JsonObject, path: string): Json {
  return member(data, path) ?? null;
}

/** A bucket's start as it stands in a key: one spelling for the start of a day, other instants as reported. */
export function bucketKey(start: Json | undefined): Json {
  if (typeof start !== "string") return start ?? null;
  const day = dayOfText(start);
  const isDayStart = day !== null && (tryDay(start) !== null || Date.parse(start) === Date.parse(bucketText(day)));
  return isDayStart ? bucketText(day) : start;
}

/** The UTC day of a bucket's start, or the one given when it is unreadable. */
export function bucketDay(start: Json | undefined, otherwise: DayNumber | null): DayNumber | null {
  return (typeof start === "string" ? dayOfText(start) : null) ?? otherwise;
}

/** "a list", "a text": what stands somewhere, without its value. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (numberLiteral(value) !== null) return "a number";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

function absent(value: Json | undefined, path: string, problem: Problem, presence: Presence): boolean {
  if (value !== undefined && value !== null) return false;
  if (presence === "required") problem(path, value === null ? "is null" : "is missing");
  return true;
}

/** 12, 1e3 and 5.0 are whole; 1.5 is not. Exponents stay small, so that a literal cannot ask for a gigabyte of zeros. */
function wholeNumber(literal: string): bigint | null {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(literal);
  if (!match) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction) * (sign ? -1n : 1n);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : null;
}
