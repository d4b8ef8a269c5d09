import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  readonly responses: ReadonlySet<string>;
}

const file = new URL("../fixtures/admin-api.openapi.json", import.meta.url);
const document: unknown = JSON.parse(readFileSync(file, "utf8"));

/** The description of the Admin API, made strict: a member that it does not name fails. */
export class AdminApiDescription {
  readonly operations: readonly Operation[];
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(this.#ajv);
    this.#ajv.addSchema(closed(document) as object, "api");
    this.operations = Object.entries(child(document, "paths")).flatMap(([path, methods]) =>
      Object.entries(fields(methods)).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
        responses: new Set(Object.keys(child(operation, "responses"))),
      })),
    );
  }

  /** What is wrong with this answer, one line each; empty when it is as described. */
  faultsOf(method: string, path: string, status: number, body: unknown): string[] {
    const candidates = this.operations.filter((one) => one.method === method && one.pattern.test(path));
    // `/spend_limits/effective` and `/spend_limits/{id}` both match; the one without placeholders is meant.
    const operation = candidates.find((one) => one.path === path) ?? candidates[0];
    const pointer =
      status < 400 && operation !== undefined
        ? `/paths/${escapePointer(operation.path)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`
        : "/components/schemas/ErrorResponse";
    if (status < 400 && operation === undefined) return [`${method} ${path} is not described`];
    const validate = this.#validator(pointer);
    validate(body);
    return (validate.errors ?? []).map((error) => `${method} ${path} ${status} ${error.instancePath} ${error.message}`);
  }

  #validator(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known !== undefined) return known;
    const made = this.#ajv.compile({ $ref: `api#${encodeURI(pointer)}` });
    this.#compiled.set(pointer, made);
    return made;
  }
}

const escapePointer = (path: string): string => path.replaceAll("~", "~0").replaceAll("/", "~1");

/** Adds `unevaluatedProperties: false` to every object schema that lists its members. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isObjectSchema = "properties" in copy && "type" in copy && !("additionalProperties" in copy);
  return isObjectSchema ? { ...copy, unevaluatedProperties: false } : copy;
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

const child = (value: unknown, name: string): Record<string, unknown> => fields(fields(value)[name]);
