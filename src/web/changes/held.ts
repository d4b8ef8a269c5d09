import type { Input } from "../client/index.ts";

/** What a change is: its kind, its arguments by Anthropic's names, and the organization where there are several. */
export type Order = Input<"planChange">;

export interface Held {
  readonly order: Order;
  readonly confirmation: string;
}

// In this page alone: what executes a change is kept nowhere.
const held = new Map<string, Held>();

/** Keeps what executes a change that was planned in this page, until it is executed or the page is left. */
export function hold(changeId: string, one: Held): void {
  held.set(changeId, one);
}

export function heldFor(changeId: string): Held | undefined {
  return held.get(changeId);
}

export function letGo(changeId: string): void {
  held.delete(changeId);
}
