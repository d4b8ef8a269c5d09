import { z } from "zod";

import { defineOperation } from "../define.ts";

export const rotateDek = defineOperation({
  id: "rotateDek",
  title: "Change the data key",
  summary: "Seals every sealed value of the tenant anew under another data key, and destroys the one before.",
  input: z.object({}),
  output: z.object({
    values: z.int(),
    version: z.int().nullable().describe("of the data key; null while nothing is sealed"),
  }),
  permission: "operate",
  effect: "write",
  audit: {
    event: ({ version }) => (version === null ? null : "vault.dek_changed"),
    facts: ({ values, version }) => ({ values, version }),
  },
  run: ({ store, scope, vaultCare }) => store.write((tx) => vaultCare.rotateDek(tx, scope)),
});
