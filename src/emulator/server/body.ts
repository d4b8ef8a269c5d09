import { badField, Problem } from "./problem.ts";

/** Reads the fields of a JSON request body strictly. */
export class Body {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(text: string) {
    let value: unknown = {};
    if (text.trim() !== "") {
      try {
        value = JSON.parse(text);
      } catch {
        throw new Problem(400, "The request body is not valid JSON.");
      }
    }
    if (!isRecord(value)) throw new Problem(400, "The request body should be a JSON object.");
    this.#fields = value;
  }

  allow(names: readonly string[]): void {
    for (const name of Object.keys(this.#fields)) {
      if (!names.includes(name)) throw badField(name, "Extra inputs are not permitted");
    }
  }

  raw(name: string): unknown {
    return this.#fields[name];
  }

  text(name: string, length: { min: number; max: number } = { min: 1, max: 1000 }): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw badField(name, "Input should be a valid string");
    if (value.length < length.min) throw badField(name, `String should have at least ${length.min} character`);
    if (value.length > length.max) throw badField(name, `String should have at most ${length.max} characters`);
    return value;
  }

  requiredText(name: string, length?: { min: number; max: number }): string {
    const value = this.text(name, length);
    if (value === undefined) throw badField(name, "Field required");
    return value;
  }

  choice<Value extends string>(name: string, allowed: readonly Value[]): Value | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw badField(name, `Input should be ${allowed.map((one) => `'${one}'`).join(", ")}`);
    return found;
  }

  requiredChoice<Value extends string>(name: string, allowed: readonly Value[]): Value {
    const value = this.choice(name, allowed);
    if (value === undefined) throw badField(name, "Field required");
    return value;
  }

  record(name: string): Record<string, unknown> | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (!isRecord(value)) throw badField(name, "Input should be a valid object");
    return value;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
