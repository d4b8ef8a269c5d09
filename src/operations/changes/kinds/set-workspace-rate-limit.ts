import { z } from "zod";

import { isJsonObject, type JsonObject } from "../../../domain/index.ts";
import { idArgument } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { notPossible, nothingToChange, refuseDefault, workspaceThere } from "../objects.ts";
import { limitsOf, STATE_OF } from "../states.ts";
import { textOf } from "../json-members.ts";

export const setWorkspaceRateLimit = defineChange({
  name: "set_workspace_rate_limit",
  title: "Limit a workspace's rate",
  summary: "Sets or clears a workspace's own rate limits of one group of models.",
  input: z.strictObject({
    workspace_id: idArgument("wrkspc_01…"),
    rate_limit: z.string().min(1).max(100).describe("a model of the group, or the id of the limit or group"),
    limits: z
      .array(
        z.strictObject({
          type: z.string().regex(/^[a-z_]{1,60}$/, "is no limiter, such as requests_per_minute"),
          value: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().describe("null: as the organization"),
        }),
      )
      .min(1)
      .max(20),
  }),
  lists: ["rate_limits"],
  async plan(world, { workspace_id: workspaceId, rate_limit: asked, limits }) {
    const workspace = await workspaceThere(world, workspaceId);
    refuseDefault(workspace, "The default workspace has no rate limits of its own");
    const path = `/workspaces/${workspaceId}/rate_limits`;
    const query = [["include_inherited", "true"]] as const;
    const entries = await world.live.list(path, { query, paging: "cursor" });
    const entry = entries.find((one) => namesOf(one).includes(asked));
    const limitId = textOf(entry?.["rate_limit_id"]);
    if (entry === undefined || limitId === "")
      throw notPossible(
        "The organization has no rate limit of this model, group or id",
        "List the organization's rate limits to see which there are.",
      );
    const before = limitsOf(entry);
    const unknown = limits.find(({ type }) => !before.has(type));
    if (unknown !== undefined)
      throw notPossible(`The group has no limiter ${unknown.type}`, `It has: ${[...before.keys()].join(", ")}.`);
    if (limits.every(({ type, value }) => before.get(type)?.own === value))
      throw nothingToChange("The limits are so already");
    const above = limits.filter(
      ({ type, value }) => value !== null && value > (before.get(type)?.organization ?? Infinity),
    );
    const consequences: Consequence[] = [
      { says: "It takes effect within about an hour. Requests of the workspace beyond it are refused for a while." },
    ];
    if (above.length > 0)
      consequences.unshift({
        says: `More than the organization has itself (${above.map(({ type }) => type).join(", ")}): it is kept, and the organization's limit holds.`,
      });
    const state = STATE_OF.rate_limit(entry);
    return [
      {
        kind: "set_workspace_rate_limit",
        title: "Limit a workspace's rate",
        target: { kind: "rate_limit", id: limitId, name: workspace.name },
        request: {
          method: "POST",
          path: `/v1/organizations${path}/${encodeURIComponent(limitId)}`,
          body: { limits: limits.map(({ type, value }) => ({ type, value })) },
        },
        before: state,
        after: { ...state, ...Object.fromEntries(limits.map(({ type, value }) => [type, value])) },
        consequences,
        isReversible: true,
        look: {
          by: "listed",
          path,
          query,
          paging: "cursor",
          where: { rate_limit_id: limitId },
          known: [],
          as: "rate_limit",
        },
        touches: [workspaceId, limitId],
        gives: null,
        isOwn: false,
      },
    ];
  },
});

function namesOf(entry: JsonObject): unknown[] {
  const { group, models } = entry;
  const ids = [entry["rate_limit_id"], isJsonObject(group) ? group["id"] : null];
  return [...ids, ...(Array.isArray(models) ? (models as readonly unknown[]) : [])];
}
