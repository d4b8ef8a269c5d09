import { z } from "zod";

import { listRuns, listStale } from "../../store/index.ts";
import { statusOf } from "../../sync/index.ts";
import { defineOperation } from "../define.ts";
import { adviceFor } from "../advice.ts";
import { anchorsOf, anchorsView } from "../anchoring/view.ts";
import { ledgerTroubleOf, ledgerTroubleView } from "../ledger-trouble-view.ts";

const streamStatus = z.object({
  stream: z.string(),
  title: z.string(),
  state: z.enum(["ok", "partial", "refused", "not_available", "failed", "waiting"]),
  cursor: z.string().nullable(),
  freshnessMs: z.number().nullable(),
  lastReadAt: z.string().nullable(),
  coverage: z
    .object({ from: z.string(), to: z.string(), days: z.int(), covered: z.int(), partial: z.int() })
    .nullable(),
  gaps: z.array(z.string()).readonly(),
  provisional: z.array(z.string()).readonly(),
  revised: z.array(z.string()).readonly(),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string().nullable(), requestId: z.string().nullable() })
    .nullable(),
  note: z.string().nullable(),
});

const connectionStatus = z.object({
  connection: z.string(),
  kind: z.string(),
  state: z.enum(["active", "invalid", "disconnected"]),
  organizationId: z.string(),
  organizationName: z.string(),
  upstream: z.string(),
  fingerprint: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  streams: z.array(streamStatus).readonly(),
});

export const status = defineOperation({
  id: "status",
  title: "Status",
  summary: "How far every stream of every connection is: cursor, freshness, coverage, gaps, last error, what to do.",
  input: z.object({}),
  output: z.object({
    tenant: z.string(),
    connections: z.array(connectionStatus).readonly(),
    ledger: z
      .object({ origin: z.string(), size: z.int(), signedSize: z.int(), signedAt: z.string().nullable() })
      .nullable(),
    /** Why nothing is appended or signed until the operator decides. */
    ledgerTrouble: ledgerTroubleView.nullable(),
    /** Where the signed ledger stands outside: `signed only` when nobody was handed it. */
    anchors: anchorsView.shape.states,
    /** How the last sync of a connection went, and when. */
    lastRun: z.object({ outcome: z.string(), startedAt: z.string(), endedAt: z.string() }).nullable(),
    vault: z.object({ locked: z.boolean(), reason: z.string().nullable() }),
    /** What to do next, in order; empty when nothing is. */
    advice: z.array(z.string()).readonly(),
  }),
  permission: "read",
  effect: "read",
  fresh: true,
  audit: "none: shows no figure and nobody's activity",
  run: async (context) => {
    const { store, scope, streams, clock, keyring } = context;
    const found = await statusOf(store, scope, streams, clock.now());
    const vault = { locked: keyring.lockedBy !== null, reason: keyring.lockedBy };
    const stale = await store.read((tx) => listStale(tx, scope));
    const [last] = await store.read((tx) => listRuns(tx, scope, 1));
    const lastRun =
      last === undefined
        ? null
        : { outcome: last.outcome, startedAt: instant(last.startedMs), endedAt: instant(last.endedMs) };
    const ledgerTrouble = await ledgerTroubleOf(context);
    const { states, warnings } = await store.read((tx) => anchorsOf(tx, scope, clock.now()));
    const anchorWarnings = warnings.map(({ text }) => text);
    const advice = adviceFor(found, { lockedBy: keyring.lockedBy, stale, ledgerTrouble, anchorWarnings });
    return { ...found, ledgerTrouble, anchors: states, lastRun, vault, advice };
  },
});

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
