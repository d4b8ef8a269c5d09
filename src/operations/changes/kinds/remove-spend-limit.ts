import { z } from "zod";

import { isJsonObject } from "../../../domain/index.ts";
import { idArgument } from "../arguments.ts";
import { defineChange } from "../define-change.ts";
import { notPossible, there } from "../objects.ts";
import { STATE_OF } from "../states.ts";
import { textOf } from "../json-members.ts";

export const removeSpendLimit = defineChange({
  name: "remove_spend_limit",
  title: "Remove a spend limit",
  summary: "Takes away the spend limit of the organization or of a workspace.",
  input: z.strictObject({ spend_limit_id: idArgument("spl_01…") }),
  lists: [],
  async plan(world, { spend_limit_id: limitId }) {
    const path = `/spend_limits/${limitId}`;
    const limit = await there(world, path, { field: "spend_limit_id", what: "spend limit" });
    const scope = isJsonObject(limit["scope"]) ? limit["scope"] : {};
    if (scope["type"] === "usage_tier")
      throw notPossible("The cap of the usage tier is Anthropic's own", "Set a limit of the organization below it.");
    const workspaceId = textOf(scope["workspace_id"]);
    return [
      {
        kind: "remove_spend_limit",
        title: "Remove a spend limit",
        target: { kind: "spend_limit", id: limitId, name: null },
        request: { method: "DELETE", path: `/v1/organizations${path}`, body: null },
        before: STATE_OF.spend_limit(limit),
        after: null,
        consequences: [
          { says: "Only the limits above it still hold: the organization's, and that of its usage tier." },
        ],
        isReversible: true,
        look: { by: "object", path, as: "spend_limit" },
        touches: [limitId, ...(workspaceId === "" ? [] : [workspaceId])],
        gives: null,
        isOwn: false,
      },
    ];
  },
});
