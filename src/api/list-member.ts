import { Failure } from "../domain/index.ts";
import type { MemberSchema } from "./query-input.ts";

/** Lists that say something about an answer and are none. */
const ASIDE = ["where", "warnings"];

/**
 * The list of an answer that pages and tables are made of: its member `rows` where there is one, else its first list of
 * objects; null when it has none.
 */
export function listMemberOf(output: MemberSchema): string | null {
  const properties = (output["properties"] ?? {}) as Readonly<Record<string, MemberSchema>>;
  const lists = Object.entries(properties).filter(([name, schema]) => !ASIDE.includes(name) && isListOfObjects(schema));
  return lists.find(([name]) => name === "rows")?.[0] ?? lists[0]?.[0] ?? null;
}

function isListOfObjects({ type, items }: MemberSchema): boolean {
  if (type !== "array" || items === undefined) return false;
  const kinds = [items, ...(items.anyOf ?? []), ...(items.oneOf ?? [])];
  return kinds.some((kind) => kind.type === "object");
}

/** @throws Failure `api.not_acceptable` when the answer has no such list. */
export function listIn(answer: unknown, member: string | null): readonly Record<string, unknown>[] {
  const list = member === null ? undefined : (answer as Record<string, unknown>)[member];
  if (!Array.isArray(list)) throw new Failure("api.not_acceptable");
  return list as Record<string, unknown>[];
}
