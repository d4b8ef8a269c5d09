import { hashOfOpaque, principalOf } from "../../access/index.ts";
import type { Random } from "../../domain/index.ts";
import type { OperationContext } from "../context.ts";

/** A confirmation counts for so long, and once. */
export const CONFIRMATION_MS = 5 * 60_000;

export interface NewConfirmation {
  readonly changeId: string;
  /** Shown once, kept nowhere. */
  readonly text: string;
  readonly secretHash: Buffer;
}

/** Names a new change, and makes what executes it: `confirm_ID_SECRET`. */
export function newConfirmation(random: Random): NewConfirmation {
  const id = random.bytes(8).toString("hex");
  const secret = random.bytes(32).toString("base64url");
  return { changeId: `c_${id}`, text: `confirm_${id}_${secret}`, secretHash: hashOfOpaque(secret) };
}

/** What a confirmation says about itself; null when it is none. */
export function readConfirmation(text: string): { readonly changeId: string; readonly secretHash: Buffer } | null {
  const [, id, secret] = /^confirm_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(text.trim()) ?? [];
  return id === undefined || secret === undefined ? null : { changeId: `c_${id}`, secretHash: hashOfOpaque(secret) };
}

/** Whose confirmation counts: this caller's, in this session, through this door. */
export function boundTo({ caller, door }: Pick<OperationContext, "caller" | "door">): string {
  return JSON.stringify([principalOf(caller), caller.sessionId ?? null, door ?? null]);
}

/** Through which door a confirmation was given out, as `boundTo` wrote it. */
export function doorOf(bound: string): string | null {
  const [, , door] = JSON.parse(bound) as [string, string | null, string | null];
  return door;
}
