import { z } from "zod";

import { Failure } from "../domain/index.ts";
import type { Operation } from "../operations/index.ts";

/** What matters of a member's JSON Schema for reading it from an address. */
export interface MemberSchema {
  readonly type?: string | readonly string[];
  readonly items?: MemberSchema;
  readonly anyOf?: readonly MemberSchema[];
  readonly oneOf?: readonly MemberSchema[];
  readonly enum?: readonly unknown[];
  readonly [member: string]: unknown;
}

/** Members of the input that the API takes, by name. */
export type Members = Readonly<Record<string, MemberSchema>>;

export function membersOf(operation: Operation): Members {
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, MemberSchema>;
  };
  const local = new Set(operation.localInputs);
  return Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !local.has(name)));
}

/**
 * Reads the query of an address as an input: texts, numbers, booleans, lists as repeated members. What the operation
 * then says about it names the member as it is written here.
 *
 * @throws Failure `input.invalid` for a member that is unknown or given twice without being a list.
 */
export function inputOfQuery(query: URLSearchParams, members: Members): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    const schema = Object.hasOwn(members, name) ? members[name] : undefined;
    if (schema === undefined) throw unknownMember(name, members);
    const list = variants(schema).find(({ type }) => type === "array");
    if (list !== undefined) input[name] = values.map((value) => valueOf(value, list.items ?? {}, name));
    else if (values.length > 1) throw invalid(name, "is given more than once", "Give it once.");
    else input[name] = valueOf(values[0] ?? "", schema, name);
  }
  return input;
}

/**
 * Takes a JSON body for an input.
 *
 * @throws Failure `input.invalid` for what is no object, or an unknown member.
 */
export function inputOfBody(body: unknown, members: Members): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw invalid("body", "is no JSON object", "Send an object.");
  for (const name of Object.keys(body)) if (!Object.hasOwn(members, name)) throw unknownMember(name, members);
  return { ...body };
}

/** Opening brackets in one value: more are no question of anybody. */
const MOST_NESTED = 100;

function valueOf(text: string, schema: MemberSchema, name: string): unknown {
  const kinds = new Set(variants(schema).flatMap(({ type }) => type ?? []));
  if (kinds.has("string")) return text;
  if (kinds.has("boolean") && (text === "true" || text === "false")) return text === "true";
  if ((kinds.has("number") || kinds.has("integer")) && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (kinds.size > 0 && !kinds.has("object")) {
    const wanted = kinds.has("boolean") ? "true or false" : "a number";
    throw invalid(name, `is not ${wanted}`, `Write ${wanted}.`);
  }
  if ((text.match(/[[{]/g)?.length ?? 0) > MOST_NESTED)
    throw invalid(name, "is nested too deeply", "Write it flatter.");
  // A member of any kind, or an object: as JSON; what is none is a text.
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function variants(schema: MemberSchema): MemberSchema[] {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return choices.length === 0 ? [schema] : choices.flatMap(variants);
}

function unknownMember(name: string, members: Members): Failure {
  const known = Object.keys(members);
  const remedy = known.length === 0 ? "It takes none." : `It takes: ${known.join(", ")}.`;
  return invalid(shortened(name), "is unknown here", remedy);
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

function invalid(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy });
}
