import { z } from "zod";

import { isJsonObject, type JsonObject } from "../../domain/index.ts";
import { readIdentities } from "../../metrics/index.ts";
import { findObjects, objectsInput, objectsOutput, refuseUnknown, type FoundObject } from "../admin/objects.ts";
import type { OperationContext } from "../context.ts";
import { defineOperation } from "../define.ts";

export const adminObjects = defineOperation({
  id: "adminObjects",
  title: "Objects of the Admin API",
  summary: "The organization, workspaces, API keys and limits as Anthropic gives them, from the record or asked now.",
  input: z.object({
    kind: z.enum(["organization", "workspaces", "api_keys", "rate_limits", "spend_limits"]),
    ...objectsInput,
    workspace: z.string().max(200).optional().describe("whose limits; the organization's own when left out"),
  }),
  output: z.object(objectsOutput),
  permission: "read",
  effect: "read",
  past: "lists",
  audit: "none: objects of the organization, and people in them only for those who may see them",
  fresh: true,
  async run(context, question) {
    const { rows, ...found } = await findObjects(context, question);
    const shown = await visible(context, question.kind, rows);
    if (shown.length === 0) refuseUnknown(question);
    return { ...found, hidden: rows.length - shown.length, rows: shown };
  },
});

/** As the list of keys hides them: names of keys and whoever made them are people, but for keys of services. */
async function visible(
  { store, scope }: OperationContext,
  kind: string,
  rows: readonly FoundObject[],
): Promise<FoundObject[]> {
  if (scope.privacy.mode === "named") return [...rows];
  if (kind === "spend_limits") return rows.filter(({ object }) => !isOfPerson(object));
  if (kind !== "api_keys") return [...rows];
  const who = await store.read((tx) => readIdentities(tx, scope));
  return rows
    .filter(({ object: { id } }) => typeof id === "string" && who.ofApiKey(id).population === "service")
    .map((row) => ({ ...row, object: { ...row.object, created_by: null, principal: null } }));
}

/** A limit of one person, as Enterprise organizations have them. */
function isOfPerson({ scope }: JsonObject): boolean {
  return isJsonObject(scope) && scope["user_id"] !== undefined;
}
