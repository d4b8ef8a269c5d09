/**
 * JSON as the record keeps it: numbers are whole and safe (±(2^53−1)); any other upstream literal stands as
 * `{"$n": "<literal as received>"}`, so that 1.10, 1e3 and 9007199254740993 survive.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

/** Whether the value is an object, and not a list or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The literal of a number as upstream wrote it, or null when the value is no number. */
export function numberLiteral(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  if (isJsonObject(value) && typeof value["$n"] === "string" && Object.keys(value).length === 1) return value["$n"];
  return null;
}
