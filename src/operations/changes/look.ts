import type { JsonObject } from "../../domain/index.ts";
import type { Look } from "./define-change.ts";
import { hasAll, textOf } from "./json-members.ts";
import type { Live } from "./live.ts";
import { STATE_OF } from "./states.ts";

/**
 * The object that a step is about, as it is now, or null when there is none.
 *
 * @param made what Anthropic answered with, where it answered: it names what was made
 */
export async function lookAt(live: Live, look: Look, made: JsonObject | null): Promise<JsonObject | null> {
  if (look.by === "object") {
    const found = await live.find(look.path);
    return found === null ? null : STATE_OF[look.as](found);
  }
  const listed = await live.list(look.path, {
    query: look.query,
    paging: look.paging,
    ...(look.beta === undefined ? {} : { beta: look.beta }),
  });
  const madeId = made?.["id"];
  const found = listed.find((object) =>
    typeof madeId === "string"
      ? object["id"] === madeId
      : hasAll(object, look.where) && !look.known.includes(textOf(object["id"])),
  );
  return found === undefined ? null : STATE_OF[look.as](found);
}

/** Ids of the objects in a list that are as said. */
export function idsWhere(listed: readonly JsonObject[], where: JsonObject): string[] {
  return listed.filter((object) => hasAll(object, where)).map((object) => textOf(object["id"]));
}
