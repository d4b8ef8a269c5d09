import { isJsonObject, normalizedEmail, type Json, type JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";

/** A member that should be a text; anything else is an empty one. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Whether an object has all these members. E-mails are compared as addresses are. */
export function hasAll(object: JsonObject, where: JsonObject): boolean {
  return Object.entries(where).every(([name, value]) => isSame(object[name], value, name === "email"));
}

/** The members that matter, in the order asked for. One that is missing is left out. */
export function picked(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (name in object ? [[name, object[name] ?? null] as const] : [])));
}

function isSame(one: Json | undefined, other: Json, isEmail: boolean): boolean {
  if (isEmail && typeof one === "string" && typeof other === "string")
    return normalizedEmail(one) === normalizedEmail(other);
  if (isJsonObject(one) && isJsonObject(other)) return hasAll(one, other);
  return one !== undefined && canonicalJson(one) === canonicalJson(other);
}
