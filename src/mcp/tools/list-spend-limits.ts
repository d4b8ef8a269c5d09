import { z } from "zod";

import { dollars, picoUsdFromCents } from "../../domain/index.ts";
import { where } from "../admin/familiar.ts";
import { askObjects, listText, objectList, told, type ObjectRow } from "../admin/objects.ts";
import { defineTool } from "../define-tool.ts";
import { figure } from "../record/words.ts";

export const listSpendLimits = defineTool({
  name: "claude_code_list_spend_limits",
  title: "List spend limits",
  description:
    "Spend limits of the organization and its workspaces, asked of Anthropic: they are not recorded, and early access for many.",
  input: z.object({ workspace_id: z.string().optional(), organization: where.organization }),
  output: z.object(objectList),
  permission: "read",
  effect: "read",
  list: "rows",
  async run(call, { workspace_id: workspace, organization }) {
    const found = await askObjects(call, { kind: "spend_limits", workspace, organization });
    const rows = found.rows.map((row) => ({ ...row, amount_usd: amountOf(row) }));
    return {
      text: listText(found, rows.length, { rows, notes: [] }, (row) => `${told(row, "id")}: ${limitWords(row)}`),
      data: { rows, ...found.fresh },
      notes: [...found.notes, "amount is in cents as Anthropic states it; amount_usd is the same in dollars."],
    };
  },
});

/** Cents as text; null is no cap. An amount in another currency is no dollars. */
function amountOf({ amount, currency }: ObjectRow): string | null {
  return typeof amount === "string" && currency === "USD" ? dollars(picoUsdFromCents(amount).picoUsd) : null;
}

function limitWords(row: ObjectRow): string {
  const scope = row["scope"] as ObjectRow | undefined;
  const of = scope?.["workspace_id"] === undefined ? "" : ` ${told(scope, "workspace_id")}`;
  const amount = typeof row["amount_usd"] === "string" ? figure(row["amount_usd"], "usd") : "no cap in dollars";
  return `${told({ type: scope?.["type"] }, "type")}${of}, ${amount} ${told(row, "period")}`;
}
