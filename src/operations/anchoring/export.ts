import type { AnchorFolder, LedgerSource } from "../../ledger/index.ts";
import { anchorFolders } from "../../sync/index.ts";
import type { OperationContext } from "../context.ts";
import { readSettings } from "../tenant-settings.ts";
import { authorityCertificates } from "./posts.ts";

/** The stamps that go along with an export of the log. */
export async function anchorsFor(
  { store, scope }: Pick<OperationContext, "store" | "scope">,
  source: Pick<LedgerSource, "checkpoint">,
): Promise<AnchorFolder[]> {
  const settings = await store.read((tx) => readSettings(tx, scope));
  return anchorFolders(store, scope, source.checkpoint, authorityCertificates(settings));
}
