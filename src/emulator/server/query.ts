import { createHash } from "node:crypto";
import { badField } from "./problem.ts";

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads query parameters strictly; whatever is wrong is a 400 whose message starts with the parameter's name. */
export class Query {
  readonly #entries: URLSearchParams;

  constructor(entries: URLSearchParams) {
    this.#entries = entries;
  }

  /** Refuses parameters that the endpoint does not have: a misspelt filter would otherwise widen the answer. */
  allow(names: readonly string[]): void {
    for (const name of this.#entries.keys()) {
      if (!names.includes(name)) throw badField(name, "Extra inputs are not permitted");
    }
  }

  text(name: string): string | undefined {
    const values = this.#entries.getAll(name);
    if (values.length > 1) throw badField(name, "Input should be given once");
    return values[0];
  }

  integer(name: string, range: { min: number; max: number; default: number }): number {
    const text = this.text(name);
    if (text === undefined) return range.default;
    if (!/^-?\d{1,15}$/.test(text)) throw badField(name, "Input should be a valid integer");
    const value = Number(text);
    if (value < range.min) throw badField(name, `Input should be greater than or equal to ${range.min}`);
    if (value > range.max) throw badField(name, `Input should be less than or equal to ${range.max}`);
    return value;
  }

  boolean(name: string): boolean {
    const text = this.text(name);
    if (text === undefined || text === "false") return false;
    if (text === "true") return true;
    throw badField(name, "Input should be a valid boolean");
  }

  choice<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : oneOf(name, text, allowed);
  }

  /** All values of `name[]`. */
  list(name: string): string[] {
    return this.#entries.getAll(`${name}[]`);
  }

  choices<Value extends string>(name: string, allowed: readonly Value[]): Value[] {
    return this.list(name).map((text) => oneOf(`${name}[]`, text, allowed));
  }

  /** An RFC 3339 instant in milliseconds. */
  instant(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const parts = RFC_3339.exec(text);
    if (parts === null || !isDay(parts)) {
      throw badField(name, "Input should be a valid RFC 3339 timestamp with a time zone");
    }
    return Date.parse(text);
  }

  requiredInstant(name: string): number {
    const value = this.instant(name);
    if (value === undefined) throw badField(name, "Field required");
    return value;
  }

  /** A required `YYYY-MM-DD`. */
  day(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw badField(name, "Field required");
    const parts = DAY.exec(text);
    if (parts === null || !isDay(parts)) throw badField(name, "Input should be a valid date in the form YYYY-MM-DD");
    return text;
  }

  /** What a page token is bound to: every parameter but the token itself. */
  fingerprint(path: string): string {
    const entries = [...this.#entries].filter(([name]) => name !== "page").map(([name, value]) => `${name}=${value}`);
    return createHash("sha256")
      .update([path, ...entries.sort()].join("\n"))
      .digest("base64url")
      .slice(0, 12);
  }
}

function oneOf<Value extends string>(name: string, text: string, allowed: readonly Value[]): Value {
  const found = allowed.find((value) => value === text);
  if (found !== undefined) return found;
  throw badField(name, `Input should be ${allowed.map((value) => `'${value}'`).join(", ")}`);
}

/** JavaScript reads 30 February as 2 March; the API must not. */
function isDay(parts: readonly (string | undefined)[]): boolean {
  const [year, month, day] = parts.slice(1, 4).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
