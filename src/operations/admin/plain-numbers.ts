import { isJsonObject, numberLiteral, type Json, type JsonObject } from "../../domain/index.ts";

/** An upstream object with its numbers as JSON has them: the record keeps those that are not whole as text. */
export function plainObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, plain(member)]));
}

function plain(value: Json): Json {
  const literal = numberLiteral(value);
  if (literal !== null) return Number(literal);
  if (Array.isArray(value)) return (value as readonly Json[]).map(plain);
  return isJsonObject(value) ? plainObject(value) : value;
}
