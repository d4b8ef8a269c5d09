import { parseLeaf } from "../../ledger/index.ts";
import { ownLeaves, type ChangeRow, type Tx } from "../../store/index.ts";
import type { OperationContext } from "../context.ts";

/** Read at once, and how often: what is further back is found in the audit trail. */
const PART = 200;
const MOST_PARTS = 10;

interface ChangeLeaf {
  readonly index: number;
  readonly event: string;
  readonly at: string;
}

/** What the ledger says of a change, oldest first: looked for backwards from the end, until it was not planned yet. */
export async function leavesOfChange(
  tx: Tx,
  { scope }: Pick<OperationContext, "scope">,
  { changeId, plannedMs }: ChangeRow,
): Promise<ChangeLeaf[]> {
  const found: ChangeLeaf[] = [];
  let before: number | undefined;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const leaves = await ownLeaves(tx, scope, "audit", { before, limit: PART });
    for (const { index, leaf, payload } of leaves) {
      const { at } = parseLeaf(leaf);
      if (Date.parse(at) < plannedMs) return found.toReversed();
      const { change, event } = JSON.parse(payload ?? "{}") as { readonly change?: unknown; readonly event?: unknown };
      if (change === changeId && typeof event === "string") found.push({ index, event, at });
    }
    before = leaves.at(-1)?.index;
    if (leaves.length < PART) break;
  }
  return found.toReversed();
}
