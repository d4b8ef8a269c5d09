import { ownLeafMark } from "../ledger/index.ts";
import { blobOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx } from "./types.ts";

export interface ReadingLeaf {
  readonly leaf: Buffer;
  readonly payload: string;
}

/**
 * Leaves that tell what counts as read, of all the tenant's logs in their order: of each page that was read, and of each
 * organization that was purged.
 *
 * Pages are told from others by their payload's first member, which in canonical JSON is always the same: a look at each
 * leaf, as nothing else is kept of them.
 */
export async function* readingLeaves(tx: Tx, scope: Scope): AsyncGenerator<ReadingLeaf> {
  const { at, bytes } = ownLeafMark("audit");
  for (const [table, order] of [
    ["closed_leaves", "log_no, leaf_index"],
    ["leaves", "leaf_index"],
  ] as const) {
    const rows = sessionOf(tx).iterate(
      `select leaf, payload
       from ${table}
       where tenant_id = ? and (
         substr(payload, 1, ${PAGE.length}) = ? or (substr(leaf, ${at}, ${bytes.length}) = ? and payload like ?)
       )
       order by ${order}`,
      [scope.tenantId, PAGE, bytes, `%${PURGED}%`],
    );
    for await (const row of rows) yield { leaf: blobOf(row, "leaf"), payload: textOf(row, "payload") };
  }
}

const PAGE = '{"body_sha256":';
const PURGED = '"event":"organization.purged"';
