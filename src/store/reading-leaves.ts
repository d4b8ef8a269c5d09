import { blobOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, Tx } from "./types.ts";

export interface ReadingLeaf {
  readonly leaf: Buffer;
  readonly payload: string;
}

/**
 * Leaves that tell of a page that was read, of all the tenant's logs in their order.
 *
 * They are told from others by their payload's first member, which in canonical JSON is always the same: a look at each
 * leaf, as nothing else is kept of them.
 */
export async function* readingLeaves(tx: Tx, scope: Scope): AsyncGenerator<ReadingLeaf> {
  for (const [table, order] of [
    ["closed_leaves", "log_no, leaf_index"],
    ["leaves", "leaf_index"],
  ] as const) {
    const rows = sessionOf(tx).iterate(
      `select leaf, payload from ${table} where tenant_id = ? and substr(payload, 1, ${START.length}) = ? order by ${order}`,
      [scope.tenantId, START],
    );
    for await (const row of rows) yield { leaf: blobOf(row, "leaf"), payload: textOf(row, "payload") };
  }
}

const START = '{"body_sha256":';
