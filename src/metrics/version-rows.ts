import { isJsonObject } from "../domain/index.ts";
import type { Json, JsonObject, Row } from "../domain/index.ts";
import { streams } from "../source/index.ts";
import type { Stream } from "../source/index.ts";
import type { StoredVersion } from "../store/index.ts";
import { facts, type Fact, type Quantity } from "./facts.ts";

type Projected = Pick<StoredVersion, "stream" | "organizationId" | "day" | "payload">;

/**
 * The rows of a version, of each of the contradicting objects where upstream gave several; none of a vanished one. Null
 * when the payload is erased.
 */
export function rowsOfVersion({ stream, organizationId, day, payload }: Projected): Row[] | null {
  if (payload === null) return null;
  // Our own canonical JSON; the data of a conflicted record is the list of its objects.
  const { key, data } = JSON.parse(payload) as { key: Json[]; data?: Json[] | JsonObject };
  const { rows } = streams.find((one) => one.name === stream)!;
  return (Array.isArray(data) ? data : [data])
    .filter((object) => isJsonObject(object))
    .flatMap((object) => rows({ organizationId, day, key, data: object }, () => {}));
}

/** What a stream reports, each from the first table that has it, as answers read it. Claude Code's cost stands once. */
export function quantitiesOf({ name }: Pick<Stream, "name">): { readonly quantity: Quantity; readonly fact: Fact }[] {
  const found = new Map<Quantity, Fact>();
  for (const fact of facts) {
    if (fact.stream !== name) continue;
    for (const quantity of Object.keys(fact.gives) as Quantity[]) {
      if (!quantity.startsWith("claude_code_") && !found.has(quantity)) found.set(quantity, fact);
    }
  }
  return [...found].map(([quantity, fact]) => ({ quantity, fact }));
}
