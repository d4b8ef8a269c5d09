import { z } from "zod";

import type { Scope } from "../../domain/index.ts";
import {
  ANCHOR_KINDS,
  ANCHOR_STATES,
  currentAnchors,
  latestCheckpoint,
  logState,
  type AnchorRow,
  type Tx,
} from "../../store/index.ts";
import { readSettings, type TenantSettings } from "../tenant-settings.ts";
import { anchorSays, serviceName } from "./words.ts";

export const anchorRow = z.object({
  kind: z.enum(ANCHOR_KINDS),
  service: z.string(),
  size: z.int().describe("leaves of the checkpoint"),
  state: z.enum(ANCHOR_STATES).describe("pending is not anchored"),
  says: z.string(),
  since: z.string().describe("since when it waits, or when it was taken"),
  problem: z.string().nullable().describe("of the last attempt"),
  nextTryAt: z.string().nullable(),
  leafIndex: z.int().nullable().describe("the anchor leaf that records the proof"),
});

export const anchorsView = z.object({
  states: z
    .array(z.string())
    .readonly()
    .describe("where the signed ledger stands: `signed only`, `witnessed k of n`, `stamped by … at …`, `pending at …`"),
  witnesses: z
    .object({ of: z.int(), needed: z.int(), signed: z.int() })
    .nullable()
    .describe("of the signed checkpoint"),
  current: z.array(anchorRow).readonly().describe("of each service the newest, and what waits"),
  warnings: z.array(z.object({ code: z.string(), text: z.string() })).readonly(),
});

export type AnchorsView = z.output<typeof anchorsView>;

/** Where the tenant's checkpoints stand outside, and what is not as it should be. */
export async function anchorsOf(tx: Tx, scope: Scope, nowMs: number): Promise<AnchorsView> {
  const log = await logState(tx, scope);
  const settings = await readSettings(tx, scope);
  const rows = log === null ? [] : await currentAnchors(tx, scope, log.origin);
  const signed = await latestCheckpoint(tx, scope);
  const witnesses = witnessesOf(rows, settings, signed?.size ?? 0);
  const mine = rows.filter((row) => isConfigured(row, settings));
  return {
    states: statesOf(mine, witnesses),
    witnesses,
    current: mine.map(viewOf),
    warnings: warningsOf(mine, nowMs),
  };
}

export function viewOf(row: AnchorRow): z.output<typeof anchorRow> {
  const isAwaited = row.state === "waiting" || row.state === "pending";
  return {
    kind: row.kind,
    service: serviceName(row),
    size: row.size,
    state: row.state,
    says: anchorSays(row),
    since: new Date(row.sinceMs).toISOString(),
    problem: row.problem,
    nextTryAt: isAwaited ? new Date(row.dueMs).toISOString() : null,
    leafIndex: row.leafIndex,
  };
}

/** After so long a time something that waits is worth a person's look. */
const LONG_MS = 48 * 3_600_000;

function isConfigured({ kind, target, state }: AnchorRow, settings: TenantSettings): boolean {
  // What somebody has given stays true when the service is not asked any more.
  if (state !== "waiting" && state !== "pending") return true;
  switch (kind) {
    case "witness":
      return settings["anchors.witnesses"].some((line) => line.endsWith(` ${target}`));
    case "rfc3161":
      return settings["anchors.authorityUrl"] !== null && new URL(settings["anchors.authorityUrl"]).host === target;
    case "ots":
      return settings["anchors.calendars"].length > 0;
    case "copy":
      return true;
  }
}

function witnessesOf(rows: readonly AnchorRow[], settings: TenantSettings, size: number): AnchorsView["witnesses"] {
  const vkeys = settings["anchors.witnesses"].map((line) => line.split(/\s+/)[1]);
  if (vkeys.length === 0) return null;
  const signed = rows.filter((row) => row.state === "cosigned" && row.size === size && vkeys.includes(row.target));
  return {
    of: vkeys.length,
    needed: Math.min(settings["anchors.quorum"] ?? vkeys.length, vkeys.length),
    signed: signed.length,
  };
}

/** The newest of each kind of proof, and of each copy. */
function statesOf(rows: readonly AnchorRow[], witnesses: AnchorsView["witnesses"]): string[] {
  const newest = (state: AnchorRow["state"]) => rows.find((row) => row.state === state);
  const stamps = (["stamped", "confirmed", "pending"] as const).flatMap((state) => newest(state) ?? []);
  const copies = rows.filter((row, at) => row.state === "copied" && rows.findIndex(isOf(row)) === at);
  const confirmed = newest("confirmed");
  const states = [
    ...(witnesses === null ? [] : [`witnessed ${witnesses.signed} of ${witnesses.of}`]),
    ...[...stamps, ...copies]
      // What is in a block says all that a calendar's promise on the same or an older checkpoint would.
      .filter(({ state, size }) => state !== "pending" || confirmed === undefined || size > confirmed.size)
      .map((row) => `${anchorSays(row)}, at ${row.size.toLocaleString("en-US")} leaves`),
  ];
  return states.length === 0 ? ["signed only"] : states;
}

function isOf({ kind, target, state }: AnchorRow) {
  return (other: AnchorRow) => other.kind === kind && other.target === target && other.state === state;
}

function warningsOf(rows: readonly AnchorRow[], nowMs: number): AnchorsView["warnings"] {
  return rows.flatMap((row) => {
    const age = nowMs - row.sinceMs;
    const days = Math.floor(age / 86_400_000);
    if (row.state === "pending" && age >= LONG_MS) {
      const text = `The checkpoint of ${row.size.toLocaleString("en-US")} leaves has been ${anchorSays(row)} for ${days} days: it is not anchored.`;
      return [{ code: "anchor_pending", text }];
    }
    if (row.state !== "waiting" || row.problem === null) return [];
    if (row.problemCode === "anchor.misconfigured" || row.problemCode === "anchor.address") {
      return [{ code: "anchor_misconfigured", text: `${capital(serviceName(row))} cannot be used: ${row.problem}` }];
    }
    if (age < LONG_MS) return [];
    return [
      {
        code: "anchor_failing",
        text: `${capital(serviceName(row))} has given nothing for ${days} days: ${row.problem}`,
      },
    ];
  });
}

function capital(text: string): string {
  return text.startsWith("the ") ? `The ${text.slice(4)}` : text;
}
