import { listErased, type WriteTx } from "../../store/index.ts";
import { Suppressor } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";

/**
 * Those of a list who were not erased: a file from elsewhere may go on naming somebody for years.
 *
 * @throws Failure `vault.locked` when somebody was erased, and nothing can tell whom
 */
export async function withoutErased<T extends { readonly emails: readonly string[] }>(
  tx: WriteTx,
  { scope, suppression }: Pick<OperationContext, "scope" | "suppression">,
  people: readonly T[],
): Promise<T[]> {
  const listed = await listErased(tx, scope);
  if (listed.length === 0) return [...people];
  const suppressor = new Suppressor(await suppression.key(tx), listed);
  return people.filter(({ emails }) => emails.every((email) => suppressor.find(email) === null));
}
