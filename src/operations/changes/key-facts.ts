import { grouped } from "../../domain/index.ts";
import type { RecordedKey } from "./change-world.ts";
import type { Consequence } from "./define-change.ts";

/** Keys as consequences name them, the ones used most recently first. */
export function keysAbout(keys: readonly RecordedKey[]): NonNullable<Consequence["about"]> {
  return keys
    .toSorted((a, b) => ((a.lastUsed ?? "") < (b.lastUsed ?? "") ? 1 : -1))
    .map((key) => ({ id: key.keyId, name: key.name, note: useOf(key) }));
}

/** How much a key is used, from the record: the tokens of the last 30 days, and its last day. */
export function useOf({ lastUsed, tokens }: Pick<RecordedKey, "lastUsed" | "tokens">): string {
  if (lastUsed === null) return "no use known in 400 days";
  const amount = tokens === null ? "" : `, ${grouped(tokens)} tokens in the last 30 days`;
  return `last used ${lastUsed}${amount}`;
}

/** Keys that die with a membership: those that act as the person, and those that Claude Code made for them. */
export function diesWith(key: RecordedKey, userId: string): boolean {
  return key.principalId === userId || (key.workspace === "Claude Code" && key.creator.id === userId);
}

export function isActive({ status }: Pick<RecordedKey, "status">): boolean {
  return status === "active";
}
