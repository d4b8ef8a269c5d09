import { Failure } from "../../domain/index.ts";
import { catalog } from "../../operations/index.ts";
import { defineResource } from "../define-resource.ts";

export const latestCheckpoint = defineResource({
  name: "latest-checkpoint",
  uri: "bursar://ledger/checkpoint",
  title: "Latest checkpoint",
  description:
    "The signed note over the ledger as it stood last, byte for byte: keep it elsewhere, check against it later.",
  mimeType: "text/plain",
  permission: "audit",
  async read({ ask }) {
    const { ledger } = await ask(await catalog.ledgerSummary(), {});
    if (!ledger?.checkpoint) throw new Failure("ledger.unsigned");
    return { text: ledger.checkpoint.note };
  },
});
