import { z } from "zod";

import { catalog, type Operation, type OperationId } from "../operations/index.ts";
import { listMemberOf } from "./list-member.ts";
import { membersOf, type MemberSchema, type Members } from "./query-input.ts";

/** An operation as the API serves it. */
export interface Served {
  readonly operation: Operation;
  /** As in the path: `list-people`. */
  readonly name: string;
  readonly method: "GET" | "POST";
  /** Members of the input that may be given. */
  readonly members: Members;
  /** Member of the answer that pages and CSV are made of. */
  readonly list: string | null;
  /** Parts of a long list are asked for with `limit` and `cursor`, unless the operation pages by itself. */
  readonly isPaged: boolean;
}

const ids = new Map(Object.keys(catalog).map((id) => [kebab(id), id as OperationId]));
const loaded = new Map<string, Promise<Served | null>>();

/** Names of all operations, those that are not served too. */
export const operationNames: readonly string[] = [...ids.keys()];

/** The operation of a path, loaded when it is first asked for; null when the API serves none of that name. */
export function servedOperation(name: string): Promise<Served | null> {
  const id = ids.get(name);
  if (id === undefined) return Promise.resolve(null);
  const found = loaded.get(name) ?? load(id, name);
  loaded.set(name, found);
  return found;
}

export async function servedOperations(): Promise<Served[]> {
  const all = await Promise.all(operationNames.map(servedOperation));
  return all.flatMap((one) => one ?? []);
}

async function load(id: OperationId, name: string): Promise<Served | null> {
  // The catalog's own types are narrower than any one that fits them all.
  const operation = (await catalog[id]()) as unknown as Operation;
  if (operation.permission === "operate") return null;
  const members = membersOf(operation);
  // What cannot do without a folder of this machine has nothing to do here.
  const input = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as { required?: string[] };
  if (operation.localInputs?.some((local) => input.required?.includes(local)) === true) return null;
  const output = z.toJSONSchema(operation.output, { io: "output", unrepresentable: "any" }) as MemberSchema;
  const list = listMemberOf(output);
  const method = operation.effect === "read" ? "GET" : "POST";
  const pagesItself = "limit" in members || "cursor" in members;
  return { operation, name, method, members, list, isPaged: list !== null && method === "GET" && !pagesItself };
}

function kebab(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
