import { createHash } from "node:crypto";

import type { Json, JsonObject } from "../../domain/index.ts";
import { canonicalJson } from "../../ledger/index.ts";
import type { ChangeRow } from "../../store/index.ts";
import type { ChangeTarget, StepDraft } from "./define-change.ts";
import type { ChangeState } from "./shapes.ts";

/** What is kept of a planned change, as JSON of the table `changes`. Written and read by this room alone. */
export interface KeptPlan {
  readonly title: string;
  readonly organization: string;
  readonly connection: string;
  readonly steps: readonly StepDraft[];
  /** Random, so that the digest in the ledger tells nothing about addresses once the plan is erased. */
  readonly salt: string;
}

export interface KeptDecision {
  readonly answer: "approved" | "declined";
  readonly how: "dashboard" | "terminal" | "elicitation" | "program";
  readonly by: string;
  readonly name: string;
  readonly atMs: number;
}

/** How far each step is, and what was found afterwards. */
export interface KeptOutcome {
  readonly steps: readonly KeptStep[];
  readonly reread: "done" | "with_next_sync" | null;
  readonly check: { readonly isClean: boolean; readonly left: readonly string[] } | null;
}

export interface KeptStep {
  readonly state: "planned" | "not_begun" | "executing" | "done" | "refused" | "unknown";
  readonly outcome: {
    readonly how: "answered" | "looked_up" | "not_sent";
    readonly says: string;
    readonly status: number | null;
    readonly code: string | null;
    readonly requestId: string | null;
    readonly after: JsonObject | null;
    readonly asPlanned: boolean | null;
  } | null;
}

export function planOf(row: ChangeRow): KeptPlan {
  return row.plan as unknown as KeptPlan;
}

export function decisionOf(row: ChangeRow): KeptDecision | null {
  return row.decision as unknown as KeptDecision | null;
}

/** Before it was begun, every step is merely planned. */
export function outcomeOf(row: ChangeRow): KeptOutcome {
  const kept = row.outcome as unknown as KeptOutcome | null;
  return kept ?? { steps: planOf(row).steps.map(() => PLANNED), reread: null, check: null };
}

export function asJson(kept: KeptPlan | KeptDecision | KeptOutcome): Json {
  return JSON.parse(JSON.stringify(kept)) as Json;
}

/** Names the plan in the ledger: what was approved is what was executed. */
export function digestOf(plan: KeptPlan): string {
  return createHash("sha256")
    .update(canonicalJson(asJson(plan)))
    .digest("hex");
}

/** The state as it is at this moment: what was never executed ends by itself. */
export function stateAt(row: ChangeRow, nowMs: number): ChangeState {
  const isOpen = row.state === "planned" || row.state === "approved";
  return isOpen && nowMs >= row.expiresMs ? "expired" : row.state;
}

/**
 * What of an object the ledger may say: ids, roles, states. Members of the organization stand there by their id, and
 * an address nowhere.
 */
export function forLedger(state: JsonObject | null, kind: ChangeTarget["kind"]): JsonObject | null {
  if (state === null) return null;
  const isPerson = kind === "user" || kind === "invite";
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name !== "email" && !(name === "name" && isPerson))
      .map(([name, value]) => [name, typeof value === "string" ? value.replace(ADDRESS, "(address)") : value]),
  );
}

const ADDRESS = /[^\s@"'<>()]+@[^\s@"'<>()]+/g;

const PLANNED: KeptStep = { state: "planned", outcome: null };
