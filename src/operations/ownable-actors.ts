import { dimValues, listOrganizations, rowsSpelled, type Tx } from "../store/index.ts";
import type { OperationContext } from "./context.ts";

/** Actors that records name and that can have an owner: keys by their id, and by `key:NAME`. */
export async function ownableActors(
  tx: Tx,
  { scope, streams }: Pick<OperationContext, "scope" | "streams">,
): Promise<ReadonlySet<string>> {
  const named = [...(await dimValues(tx, scope, "actor")).values()].filter((actor) => !actor.startsWith("user:"));
  const ids = (await dimValues(tx, scope, "api_key")).values();
  const found = new Set([...named, ...ids]);
  const keys = streams.flatMap(({ tables }) => tables).find(({ name }) => name === "api_keys");
  if (keys === undefined) return found;
  for (const organizationId of await listOrganizations(tx, scope)) {
    for await (const { id, name } of rowsSpelled(tx, scope, keys, organizationId)) {
      found.add(String(id));
      if (name !== null) found.add(`key:${String(name)}`);
    }
  }
  return found;
}
