import { z } from "zod";

import { isJsonObject } from "../../../domain/index.ts";
import { idArgument } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { useOf } from "../key-facts.ts";
import { notPossible, nothingToChange, there } from "../objects.ts";
import { sendable } from "../sendable.ts";
import { STATE_OF } from "../states.ts";
import { hasAll, textOf } from "../json-members.ts";

export const updateApiKey = defineChange({
  name: "update_api_key",
  title: "Change an API key",
  summary: "Renames an API key, or makes it inactive, active again, or archived for good.",
  input: z
    .strictObject({
      api_key_id: idArgument("apikey_01…"),
      name: z.string().min(1).max(500).optional(),
      status: z.enum(["active", "inactive", "archived"], { error: "is none of active, inactive, archived" }).optional(),
    })
    .refine(({ name, status }) => name !== undefined || status !== undefined, {
      path: ["api_key_id"],
      message: "nothing to change is given",
    }),
  lists: ["api_keys"],
  async plan(world, { api_key_id: keyId, ...fields }) {
    const path = `/api_keys/${keyId}`;
    const key = await there(world, path, { field: "api_key_id", what: "API key" });
    const state = STATE_OF.api_key(key);
    const body = sendable(fields);
    if (hasAll(state, body)) throw nothingToChange("The key is so already");
    const status = textOf(key["status"]);
    const { status: wanted } = fields;
    const isEnded = status === "archived" || status === "expired";
    // The documentation is silent about leaving these states; nothing else is known to work.
    if (wanted !== undefined && wanted !== status && isEnded)
      throw notPossible(`A key that is ${status} stays so`, "Make a new key in the Console.");
    const recorded = (await world.record.keys()).find((one) => one.keyId === keyId);
    const use = recorded === undefined ? "its use is not known yet" : useOf(recorded);
    const consequences: Consequence[] = [];
    if (wanted !== undefined && wanted !== status) {
      if (wanted === "archived") consequences.push({ says: "This cannot be undone." });
      consequences.push(
        wanted === "active"
          ? { says: "Whoever has its secret can use it again." }
          : { says: `Whatever uses it fails from then on (${use}).` },
      );
    }
    if (fields.name !== undefined && fields.name !== key["name"])
      consequences.push({
        says: "Claude Code reports it under the new name from then on: an owner that was set on the old name must be set again.",
      });
    const scope = key["scope"];
    const workspaceId = isJsonObject(scope) ? textOf(scope["workspace_id"]) : textOf(key["workspace_id"]);
    return [
      {
        kind: "update_api_key",
        title: wanted === undefined ? "Rename an API key" : `Make an API key ${wanted}`,
        target: { kind: "api_key", id: keyId, name: textOf(key["name"]) },
        request: { method: "POST", path: `/v1/organizations${path}`, body },
        before: state,
        after: { ...state, ...body },
        consequences,
        isReversible: wanted !== "archived",
        look: { by: "object", path, as: "api_key" },
        // A protected workspace's keys are part of it.
        touches: [keyId, ...(workspaceId === "" ? [] : [workspaceId])],
        gives: null,
        isOwn: false,
      },
    ];
  },
});
