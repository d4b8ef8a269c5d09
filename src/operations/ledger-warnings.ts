import { anchorsOf } from "./anchoring/view.ts";
import type { OperationContext } from "./context.ts";
import { ledgerTroubleOf } from "./ledger-trouble-view.ts";

/** What is not as it should be with the ledger: why nothing is appended or signed, and what does not get outside. */
export async function ledgerWarnings(
  context: Pick<OperationContext, "store" | "scope" | "clock" | "unguarded">,
): Promise<readonly { readonly code: string; readonly text: string }[]> {
  const { store, scope, clock } = context;
  const trouble = await ledgerTroubleOf(context);
  const { warnings } = await store.read((tx) => anchorsOf(tx, scope, clock.now()));
  return [...(trouble === null ? [] : [{ code: `ledger_${trouble.kind}`, text: trouble.says }]), ...warnings];
}
