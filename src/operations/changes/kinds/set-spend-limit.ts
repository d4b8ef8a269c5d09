import { z } from "zod";

import { idArgument } from "../arguments.ts";
import { defineChange, type Consequence } from "../define-change.ts";
import { refuseDefault, nothingToChange, workspaceThere } from "../objects.ts";
import { limitOf, spendLimits, SPEND_LIMITS } from "../spend-limits.ts";
import { STATE_OF } from "../states.ts";

export const setSpendLimit = defineChange({
  name: "set_spend_limit",
  title: "Set a spend limit",
  summary: "Limits what the organization or a workspace may spend in a calendar month (UTC).",
  input: z.strictObject({
    workspace_id: idArgument("wrkspc_01…").optional().describe("left out: the whole organization"),
    amount_usd: z.string().regex(/^\d{1,9}(?:\.\d{1,2})?$/, "is no amount in dollars, such as 500 or 499.50"),
  }),
  // No stream reads them: they are early access, and asked when somebody looks.
  lists: [],
  async plan(world, { workspace_id: workspaceId, amount_usd: dollars }) {
    const workspace = workspaceId === undefined ? null : await workspaceThere(world, workspaceId);
    if (workspace !== null) refuseDefault(workspace, "The default workspace cannot be limited");
    const scope =
      workspaceId === undefined ? { type: "organization" } : { type: "workspace", workspace_id: workspaceId };
    const limit = limitOf(await spendLimits(world.live), scope);
    // Cents, as a text.
    const [whole = "0", part = ""] = dollars.split(".");
    const amount = String(BigInt(whole) * 100n + BigInt(part.padEnd(2, "0")));
    if (limit?.["amount"] === amount) throw nothingToChange("The limit is so already");
    const before = limit === null ? null : STATE_OF.spend_limit(limit);
    const consequences: Consequence[] = [
      {
        says: `Once ${workspace === null ? "the organization" : "the workspace"} has spent $${dollars} in a month, its requests are refused until the next one begins (UTC).`,
      },
    ];
    if (typeof limit?.["amount"] === "string")
      consequences.push({ says: `Before, it was $${Number(limit["amount"]) / 100}.` });
    return [
      {
        kind: "set_spend_limit",
        title: "Set a spend limit",
        target: {
          kind: "spend_limit",
          id: typeof limit?.["id"] === "string" ? limit["id"] : null,
          name: workspace?.name ?? world.organization.name,
        },
        request: { method: "POST", path: "/v1/organizations/spend_limits", body: { scope, amount, period: "monthly" } },
        before,
        after: { ...before, scope, amount },
        consequences,
        isReversible: true,
        look: { by: "listed", ...SPEND_LIMITS, where: { scope }, known: [], as: "spend_limit" },
        touches: [workspaceId ?? [], limit?.["id"] ?? []].flat().map(String),
        gives: null,
        isOwn: false,
      },
    ];
  },
});
