import { z } from "zod";

import { parseCheckpoint } from "../../ledger/index.ts";
import { latestCheckpoint, logState } from "../../store/index.ts";
import { ledgerSource } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { lastVerification, verification } from "../last-verification.ts";

export const ledgerSummary = defineOperation({
  id: "ledgerSummary",
  title: "Ledger",
  summary:
    "How large the ledger is, its latest signed checkpoint with the keys to check it, and the last verification.",
  input: z.object({}),
  output: z.object({
    ledger: z
      .object({
        origin: z.string(),
        size: z.int().describe("leaves"),
        lastLeafAt: z.string().nullable(),
        checkpoint: z
          .object({
            size: z.int().describe("leaves that are signed"),
            root: z.string(),
            signedAt: z.string(),
            note: z.string().describe("the signed text itself, to be kept elsewhere"),
            vkeys: z.array(z.string()).readonly().describe("the log's public keys, oldest first"),
          })
          .nullable()
          .describe("null while nothing is signed"),
      })
      .nullable()
      .describe("null before anything was recorded"),
    lastVerification: verification.nullable(),
  }),
  permission: "audit",
  effect: "read",
  fresh: true,
  audit: "none: sizes and public keys, no content",
  run: async ({ store, scope }) => {
    const { state, signed, last } = await store.read(async (tx) => ({
      state: await logState(tx, scope),
      signed: await latestCheckpoint(tx, scope),
      last: await lastVerification(tx, scope),
    }));
    if (state === null) return { ledger: null, lastVerification: last };
    const { origin, size, lastAtMs } = state;
    const lastLeafAt = size === 0 ? null : new Date(lastAtMs).toISOString();
    if (signed === null) return { ledger: { origin, size, lastLeafAt, checkpoint: null }, lastVerification: last };
    const { vkeys } = await ledgerSource(store, scope);
    const checkpoint = {
      size: signed.size,
      root: parseCheckpoint(signed.note).root.toString("hex"),
      signedAt: new Date(signed.atMs).toISOString(),
      note: signed.note,
      vkeys,
    };
    return { ledger: { origin, size, lastLeafAt, checkpoint }, lastVerification: last };
  },
});
