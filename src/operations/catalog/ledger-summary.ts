import { z } from "zod";

import { parseCheckpoint } from "../../ledger/index.ts";
import { latestCheckpoint, listClosedLogs, logState } from "../../store/index.ts";
import { logVkeys } from "../../sync/index.ts";
import { anchorsOf, anchorsView } from "../anchoring/view.ts";
import { defineOperation } from "../define.ts";
import { lastVerification, verification } from "../last-verification.ts";
import { ledgerTroubleOf, ledgerTroubleView } from "../ledger-trouble-view.ts";

export const ledgerSummary = defineOperation({
  id: "ledgerSummary",
  title: "Ledger",
  summary:
    "How large the ledger is, its latest signed checkpoint and keys, the last verification, and what is to be decided.",
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
    trouble: ledgerTroubleView.nullable().describe("why nothing is appended or signed until the operator decides"),
    closed: z
      .array(
        z.object({
          number: z.int(),
          origin: z.string(),
          size: z.int(),
          closedAt: z.string(),
          reason: z.string(),
          vkeys: z.array(z.string()).readonly(),
        }),
      )
      .describe("logs before this one, which ended; each can still be exported"),
    anchors: anchorsView.describe("where the signed checkpoints stand outside"),
    lastVerification: verification.nullable(),
  }),
  permission: "audit",
  effect: "read",
  fresh: true,
  audit: "none: sizes and public keys, no content",
  run: async (context) => {
    const { store, scope, clock } = context;
    const trouble = await ledgerTroubleOf(context);
    return store.read(async (tx) => {
      const state = await logState(tx, scope);
      const signed = await latestCheckpoint(tx, scope);
      const lastVerified = await lastVerification(tx, scope);
      const closed = (await listClosedLogs(tx, scope)).map(({ logNo, origin, size, closedMs, reason, keys }) => ({
        number: logNo,
        origin,
        size,
        closedAt: new Date(closedMs).toISOString(),
        reason,
        vkeys: keys.map(({ vkey }) => vkey),
      }));
      const anchors = await anchorsOf(tx, scope, clock.now());
      const rest = { trouble, closed, anchors, lastVerification: lastVerified };
      if (state === null) return { ledger: null, ...rest };
      const { origin, size, lastAtMs } = state;
      const lastLeafAt = size === 0 ? null : new Date(lastAtMs).toISOString();
      if (signed === null) return { ledger: { origin, size, lastLeafAt, checkpoint: null }, ...rest };
      const checkpoint = {
        size: signed.size,
        root: parseCheckpoint(signed.note).root.toString("hex"),
        signedAt: new Date(signed.atMs).toISOString(),
        note: signed.note,
        vkeys: await logVkeys(tx, scope),
      };
      return { ledger: { origin, size, lastLeafAt, checkpoint }, ...rest };
    });
  },
});
