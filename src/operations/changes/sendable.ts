import type { JsonObject } from "../../domain/index.ts";

/** Arguments as a body: what was left out is not sent. They were read by a schema of JSON values. */
export function sendable(input: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(input)) as JsonObject;
}
