import { intOf, textOf } from "./decode.ts";
import { sessionOf } from "./session.ts";
import type { Scope, WriteTx } from "./types.ts";

/**
 * Destroys payload and salt of leaves of logs that ended. A closed log takes no leaf any more that could say so: its
 * leaves and proofs stay valid, and an export of it with payloads is refused from now on.
 *
 * @param by leaf of the present log that says what was erased
 * @returns how many
 */
export async function eraseClosedContents(
  tx: WriteTx,
  { tenantId }: Pick<Scope, "tenantId">,
  by: number,
  names: (payload: string) => boolean,
): Promise<number> {
  const session = sessionOf(tx);
  const found: [number, number][] = [];
  const rows = session.iterate(
    "select log_no, leaf_index, payload from closed_leaves where tenant_id = ? and payload is not null",
    [tenantId],
  );
  for await (const row of rows) {
    if (names(textOf(row, "payload"))) found.push([intOf(row, "log_no"), intOf(row, "leaf_index")]);
  }
  for (const [logNo, index] of found) {
    await session.run(
      `update closed_leaves set salt = null, payload = null, erased_by = ?
       where tenant_id = ? and log_no = ? and leaf_index = ?`,
      [by, tenantId, logNo, index],
    );
  }
  return found.length;
}
