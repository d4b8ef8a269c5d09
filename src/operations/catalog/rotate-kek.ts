import { z } from "zod";

import { listTenants } from "../../store/index.ts";
import { defineOperation } from "../define.ts";

export const rotateKek = defineOperation({
  id: "rotateKek",
  title: "Change the key-encryption key",
  summary: "Wraps the data keys of every tenant under another key-encryption key; what they seal stays as it is.",
  input: z.object({
    /** Made when it is not there. */
    newFile: z.string().min(1),
  }),
  output: z.object({
    file: z.string(),
    made: z.boolean(),
    dataKeys: z.int().describe("wrapped anew; 0 when an earlier try had done so"),
    installed: z.boolean().describe("the key stands in the data folder now; else the setting has to name the new file"),
  }),
  permission: "operate",
  localInputs: ["newFile"],
  effect: "write",
  audit: { event: "vault.kek_changed", facts: ({ dataKeys }) => ({ data_keys: dataKeys }) },
  async run({ store, scope, vaultCare }, { newFile }) {
    const next = vaultCare.openNewKek(newFile);
    // All tenants at once: at no moment does some data need the one key and some the other.
    const dataKeys = await store.write(async (tx) => {
      let rewrapped = 0;
      for (const { tenantId, name } of await listTenants(tx)) {
        rewrapped += await next.rewrap(tx, { ...scope, tenantId, tenant: name });
      }
      return rewrapped;
    });
    return { file: next.file, made: next.isMade, dataKeys, installed: next.install() };
  },
});
